package risk

// Verdict says whether a source's risks are worth showing.
type Verdict string

// The verdicts.
const (
	// Beats: both the order (AUC) and the probabilities (Brier score) are
	// better than those of the share of time used, the latter by more than
	// chance.
	Beats Verdict = "beats"
	// NoBetter: at least one of the two is not.
	NoBetter Verdict = "no_better"
	// TooFew: the past is too short to tell.
	TooFew Verdict = "too_few"
)

// minEach is how many predictions about late subjects, and as many about
// others, a verdict needs (as in ranking, domain guide 5.1 C7).
const minEach = 30

// sure is the number of standard errors by which the gain must be above zero:
// 95 % two-sided.
const sure = 1.96

// Score is how well predictions did at one landmark age, or at all of them.
type Score struct {
	// AgeHours is the age at which the predictions were made; nil = all.
	AgeHours *float64 `json:"age_hours"`
	strength float64
	// Predictions about Subjects, Late of them about ones that missed their due.
	Predictions uint64 `json:"predictions"`
	Subjects    uint64 `json:"subjects"`
	Late        uint64 `json:"late"`
	// Areas under the ROC curve; nil when all ended alike.
	AUCModel    *float64 `json:"auc_model"`
	AUCBaseline *float64 `json:"auc_baseline"`
	// Brier scores; nil when there is no prediction or no baseline.
	BrierModel    *float64 `json:"brier_model"`
	BrierBaseline *float64 `json:"brier_baseline"`
	BrierConstant *float64 `json:"brier_constant"`
	// BrierGain is BrierBaseline - BrierModel, with its standard error.
	BrierGain      *float64 `json:"brier_gain"`
	BrierGainError *float64 `json:"brier_gain_error"`
}

// Judge gives the verdict on the predictions of all ages together.
func Judge(s Score) Verdict {
	if s.Late < minEach || s.Predictions-s.Late < minEach || s.AUCModel == nil || s.AUCBaseline == nil || s.BrierGain == nil ||
		s.BrierGainError == nil {
		return TooFew
	}
	if *s.AUCModel > *s.AUCBaseline && *s.BrierGain > sure**s.BrierGainError {
		return Beats
	}
	return NoBetter
}
