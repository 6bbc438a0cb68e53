package access

import (
	"context"
	"slices"
)

// SeesSecrets reports whether the user watches over organisations and so sees, in scope,
// what is secret: who complains in confidence is kept from the organisation complained
// about, and from all who have no part in it (domain guide 8.3).
func SeesSecrets(u User) bool {
	return active(u) && slices.Contains([]Role{Supervisor, Leader, HotlineAdmin}, u.Role)
}

// What a reader sees of alerts and work about secret subjects; without a word nothing.
const (
	AllSecrets = "all"
	// SecretsToActOn are those on which the reader's organisation has to act, told in
	// neutral words.
	SecretsToActOn = "acting"
)

// SecretsFor says what the reader sees of alerts and work about secret subjects: those who
// watch over organisations all, an organisation what it has to act on, in neutral words,
// others nothing.
func SecretsFor(ctx context.Context) string {
	u, ok := FromContext(ctx)
	switch {
	case !ok || SeesSecrets(u):
		return AllSecrets
	case u.Role.OfOrganisation():
		return SecretsToActOn
	}
	return ""
}

// SeesSecret reports whether the person of ctx sees an alert about a secret subject: acting
// when its organisation has to act on it, else all.
func SeesSecret(ctx context.Context, secret string) bool {
	mode := SecretsFor(ctx)
	return mode == AllSecrets || mode == secret
}
