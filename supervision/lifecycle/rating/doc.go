// Package rating judges the ratings of a subject (domain guide 4): which of them
// count, and from when until when. It is pure, as the fold is; the result depends
// only on the set of ratings, and what it says of any instant equals what it says
// of the ratings given by then.
package rating
