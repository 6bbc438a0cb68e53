// Package inject plans the lives that break a rule of supervision on purpose,
// one rule each, every way in turn.
//
// Which lives these are and what they break depends on the seed and their
// number alone, so that every other life is the same whatever their share. An
// Injector embeds the planner of the lawful lives and uses its means; the
// planner calls it back when a life begins.
package inject
