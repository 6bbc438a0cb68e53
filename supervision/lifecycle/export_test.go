package lifecycle

// Rounds is how often the fold looked at a due so far.
func (f *Folder) Rounds() int { return f.rounds }
