package world

// What the catalogue says about an item beyond limits; rules read it.

// RequiredSteps are the steps that no case of the item may leave out.
func (it *Item) RequiredSteps() []string {
	if it.Title.Immediate() {
		return nil
	}
	return []string{"复审", "审核"}
}

// HearingRequired reports whether nothing is decided without a hearing.
func (it *Item) HearingRequired() bool { return it.Title.Pause == "hearing" }

// Licence marks the items that separate acceptance from decision and publish
// their results.
func (it *Item) Licence() bool { return it.Title.ItemType == "license" }

// The one fee of an item that has a fee, in yuan.
const (
	FeeCode   = "F01"
	FeeAmount = 20
)

// ItemMaterials are the materials that every item asks for.
var ItemMaterials = []string{"M01", "M02", "M03"}
