package encode

import "duban/supervision/simulate/world"

// guideFields are the elements of a guide (domain guide 5.2, A10).
var guideFields = []string{
	"name", "type", "basis", "agency", "conditions", "materials", "process", "fee", "limits", "place", "contact", "samples", "complaint",
}

// itemPayload writes what rules read about a version of an item.
func (e *Encoder) itemPayload(it *world.Item) {
	e.key("payload")
	e.open()
	if steps := it.RequiredSteps(); steps != nil {
		codes := make([]string, len(steps))
		for i, name := range steps {
			codes[i] = stepCode(name)
		}
		e.words("required_steps", codes...)
	}
	if it.Title.Pause != "" {
		e.words("suspend_types", it.Title.Pause)
	}
	e.truth("hearing_required", it.HearingRequired())
	e.truth("separate_staff", it.Licence())
	e.truth("publish_result", it.Licence())
	e.truth("is_fee", it.Title.Fee)
	if it.Title.Fee {
		e.key("fees")
		e.open()
		e.number(world.FeeCode, world.FeeAmount)
		e.close()
	}
	e.words("materials", world.ItemMaterials...)
	e.key("guide")
	e.open()
	for i, field := range guideFields {
		e.truth(field, !it.ThinGuide || i != len(guideFields)-2)
	}
	e.close()
	e.close()
}

// contacts writes who is told about alerts on an organisation: invented users,
// one per role; the supervision office and the government office are those of
// the region.
func (e *Encoder) contacts(o *world.Organisation) {
	region := e.world.Regions[o.Region].Code
	e.key("payload")
	e.open()
	e.key("lists_published")
	e.open()
	e.truth("power", true)
	e.truth("duty", !o.HiddenList)
	e.truth("service", true)
	e.close()
	e.key("contacts")
	e.block = append(e.block, '[')
	contact := func(user, role string) {
		if e.block[len(e.block)-1] != '[' {
			e.block = append(e.block, ',')
		}
		e.open()
		e.text("user", user)
		e.text("role", role)
		e.key("channels")
		e.block = append(e.block, '[')
		e.first = true
		e.open()
		e.text("kind", "email")
		e.text("to", user+"@duban.example") // a name that never resolves (RFC 2606)
		e.close()
		e.block = append(e.block, ']')
		e.first = false
		e.close()
	}
	if o.Line == "hotline" {
		contact("u-"+o.Code[8:]+"-hotline_admin", "hotline_admin")
	}
	for _, role := range []string{"handler", "step_owner", "window_manager", "dept_deputy", "dept_head"} {
		contact("u-"+o.Code[8:]+"-"+role, role)
	}
	contact("u-"+region+"-supervision", "supervision_office")
	contact("u-"+region+"-government", "gov_office")
	e.block = append(e.block, ']')
	e.first = false
	e.close()
}
