package truth

import "duban/supervision/simulate/world"

// Item says what rules have to say about the versions of an item.
func (j *Judge) Item(it *world.Item) []Chain {
	j.afresh()
	for v := range it.Versions {
		j.version(it, v)
	}
	return j.chains
}

// HiddenList is R-NRM-06-L: an organisation whose list of duties is not public.
func (j *Judge) HiddenList() []Chain {
	j.afresh()
	j.raise("R-NRM-06-L", "", Step{ByArrival, yellow})
	return j.chains
}

// version judges one version of an item: R-NRM-01, a guide that still lacks an
// element after five working days, and R-DAT-06, a limit that is missing or a
// promise longer than the law. Both end with the force of the version.
func (j *Judge) version(it *world.Item, i int) {
	v := &it.Versions[i]
	end := Step{world.Forever, Cleared}
	if i+1 < len(it.Versions) {
		end.At = world.StartOf(it.Versions[i+1].From)
	}
	if it.ThinGuide {
		if at := world.EndOf(j.world.Days.Add(v.From, 5)) + 1; at < end.At {
			j.raise("R-NRM-01", v.Name, Step{at, notice}, end)
		}
	}
	missing := v.Promise == world.Unlimited || v.Legal == world.Unlimited
	if missing || inCalendarDays(v.Promise, it.Title.PromiseUnit) > inCalendarDays(v.Legal, it.Title.LegalUnit) {
		j.raise("R-DAT-06", v.Name, Step{world.StartOf(v.From), notice}, end)
	}
}

// inCalendarDays compares limits in different units, in fifths of a day: five
// working days take seven days.
func inCalendarDays(n int32, unit string) int32 {
	if unit == "C" {
		return 5 * n
	}
	return 7 * n
}
