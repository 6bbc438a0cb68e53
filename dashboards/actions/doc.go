// Package actions is the application service behind every button: what a person
// does to an alert or a piece of work becomes a fact, and the engine says what
// becomes of it.
//
// Service.Act refuses what the role or the scope of the person never allows,
// records the rest, and waits a little for the verdict. Whether the state allows
// it is not decided here: the engine alone knows what happened meanwhile. Where
// facts are recorded is a Journal, which cmd joins to the topic of actions.
package actions
