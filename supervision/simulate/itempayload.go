package simulate

// What the catalogue says about an item beyond limits; rules read it.

// requiredSteps are the steps that no case of the item may leave out.
func (it *item) requiredSteps() []string {
	if it.title.immediate() {
		return nil
	}
	return []string{"复审", "审核"}
}

// hearingRequired reports whether nothing is decided without a hearing.
func (it *item) hearingRequired() bool { return it.title.pause == "hearing" }

// licence marks the items that separate acceptance from decision and publish
// their results.
func (it *item) licence() bool { return it.title.itemType == "license" }

// guideFields are the elements of a guide (domain guide 5.2, A10).
var guideFields = []string{
	"name", "type", "basis", "agency", "conditions", "materials", "process", "fee", "limits", "place", "contact", "samples", "complaint",
}

// The one fee of an item that has a fee, in yuan.
const (
	feeCode   = "F01"
	feeAmount = 20
)

// itemPayload writes what rules read about a version of an item.
func (e *encoder) itemPayload(it *item) {
	e.key("payload")
	e.open()
	if steps := it.requiredSteps(); steps != nil {
		codes := make([]string, len(steps))
		for i, name := range steps {
			codes[i] = stepCode(name)
		}
		e.words("required_steps", codes...)
	}
	if it.title.pause != "" {
		e.words("suspend_types", it.title.pause)
	}
	e.truth("hearing_required", it.hearingRequired())
	e.truth("separate_staff", it.licence())
	e.truth("publish_result", it.licence())
	e.truth("is_fee", it.title.fee)
	if it.title.fee {
		e.key("fees")
		e.open()
		e.number(feeCode, feeAmount)
		e.close()
	}
	e.words("materials", itemMaterials...)
	e.key("guide")
	e.open()
	for i, field := range guideFields {
		e.truth(field, !it.thinGuide || i != len(guideFields)-2)
	}
	e.close()
	e.close()
}

// itemMaterials are the materials that every item asks for.
var itemMaterials = []string{"M01", "M02", "M03"}

// contacts writes who is told about alerts on an organisation: invented users,
// one per role; the supervision office and the government office are those of
// the region.
func (e *encoder) contacts(o *organisation) {
	region := e.world.regions[o.region].code
	e.key("payload")
	e.open()
	e.key("lists_published")
	e.open()
	e.truth("power", true)
	e.truth("duty", !o.hiddenList)
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
	if o.line == "hotline" {
		contact("u-"+o.code[8:]+"-hotline_admin", "hotline_admin")
	}
	for _, role := range []string{"handler", "step_owner", "window_manager", "dept_deputy", "dept_head"} {
		contact("u-"+o.code[8:]+"-"+role, role)
	}
	contact("u-"+region+"-supervision", "supervision_office")
	contact("u-"+region+"-government", "gov_office")
	e.block = append(e.block, ']')
	e.first = false
	e.close()
}
