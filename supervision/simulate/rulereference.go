package simulate

// bookReference enters the alerts on the catalogue and on the directory.
func (r *run) bookReference() error {
	for i := range r.world.items {
		it := &r.world.items[i]
		if it.thinGuide {
			r.alerts.Planted["R-NRM-01"]++
		}
		if err := r.bookAlerts("item", []byte(it.task), r.judge.judgeItem(it)); err != nil {
			return err
		}
	}
	for i := range r.world.orgs {
		o := &r.world.orgs[i]
		if !o.hiddenList {
			continue
		}
		r.alerts.Planted["R-NRM-06-L"]++
		if err := r.bookAlerts("org", []byte(o.code), r.judge.judgeHiddenList()); err != nil {
			return err
		}
	}
	return nil
}

// judgeItem says what rules have to say about the versions of an item.
func (j *judge) judgeItem(it *item) []chain {
	j.afresh()
	for v := range it.versions {
		j.version(it, v)
	}
	return j.chains
}

// judgeHiddenList is R-NRM-06-L: an organisation whose list of duties is not public.
func (j *judge) judgeHiddenList() []chain {
	j.afresh()
	j.raise("R-NRM-06-L", "", turn{byArrival, yellow})
	return j.chains
}

// version judges one version of an item: R-NRM-01, a guide that still lacks an
// element after five working days, and R-DAT-06, a limit that is missing or a
// promise longer than the law. Both end with the force of the version.
func (j *judge) version(it *item, i int) {
	v := &it.versions[i]
	end := turn{forever, cleared}
	if i+1 < len(it.versions) {
		end.at = startOf(it.versions[i+1].from)
	}
	if it.thinGuide {
		if at := endOf(j.world.days.add(v.from, 5)) + 1; at < end.at {
			j.raise("R-NRM-01", v.name, turn{at, notice}, end)
		}
	}
	missing := v.promise == unlimited || v.legal == unlimited
	if missing || inCalendarDays(v.promise, it.title.promiseUnit) > inCalendarDays(v.legal, it.title.legalUnit) {
		j.raise("R-DAT-06", v.name, turn{startOf(v.from), notice}, end)
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
