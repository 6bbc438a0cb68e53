package access

import "context"

// Origin is where a sign-in comes from.
type Origin struct {
	// Network is the network of the reader, see Network.
	Network string
	// Device is the id of a browser in which the same user has signed in before; empty for
	// one that cannot prove it.
	Device string
}

// place names an origin in the users file.
func (o Origin) place() string {
	if o.Device != "" {
		return "device:" + o.Device
	}
	return "network:" + o.Network
}

type originKey struct{}

// WithOrigin notes where the sign-in of ctx comes from.
func WithOrigin(ctx context.Context, of func(userID string) Origin) context.Context {
	return context.WithValue(ctx, originKey{}, of)
}

// originOf is where a sign-in as a user comes from; the zero origin on the command line.
func originOf(ctx context.Context, userID string) Origin {
	if of, ok := ctx.Value(originKey{}).(func(string) Origin); ok {
		return of(userID)
	}
	return Origin{}
}
