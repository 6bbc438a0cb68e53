package lifecycle

import "duban/supervision/calendar"

// startK8 starts the applicant's time to correct an application. Its end
// permits the authority to terminate and decides nothing by itself.
func (c *caseFold) startK8(t int64) {
	if c.ownProcess {
		return
	}
	c.cancelClock(&c.k8, t)
	c.k8 = c.startClock("K8", t, calendar.Limit{N: c.f.policy.CorrectDays, Unit: calendar.CalendarDays, RollForward: c.f.policy.RollForward})
}

// startK10 starts the preliminary review of a lower authority (Licensing Law
// art. 43), where the acceptance says that it is one.
func (c *caseFold) startK10(t int64) {
	if c.p.level == "lower" && c.k10 < 0 && !c.ownProcess {
		c.k10 = c.startClock("K10", t, calendar.Limit{N: c.f.policy.LowerReviewDays})
	}
}

// hearing starts K11 with the request for a hearing and stops it when one is
// held (Licensing Law art. 47); a special procedure of that type stops it too.
func (c *caseFold) hearing(t int64) {
	if c.ownProcess {
		return
	}
	if c.p.hearingRequest == yes && c.k11 < 0 {
		c.k11 = c.startClock("K11", t, calendar.Limit{N: c.f.policy.HearingDays})
	}
	if c.p.hearingHeld == yes {
		c.stopClock(&c.k11, t)
	}
}

// startK12 starts the time to issue an electronic certificate, where the finish
// says that there is one.
func (c *caseFold) startK12(t int64) {
	if c.p.eCert == yes && c.k12 < 0 && !c.ownProcess {
		c.k12 = c.startClock("K12", t, calendar.Limit{N: c.f.policy.CertificateDays})
	}
}
