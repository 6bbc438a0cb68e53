// Package acceptance holds a running product against the ledger of a
// simulation: does it raise exactly the alerts that it should, rule by rule.
package acceptance
