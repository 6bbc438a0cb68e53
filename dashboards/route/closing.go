package route

import "context"

type closingKey struct{}

// WithClosing lets what answers for long know when the server goes down.
func WithClosing(ctx context.Context, closing <-chan struct{}) context.Context {
	return context.WithValue(ctx, closingKey{}, closing)
}

// Closing is closed when the server goes down: an answer without an end ends then, so that nobody
// waits for it. It is nil, which never is, where no server said so.
func Closing(ctx context.Context) <-chan struct{} {
	closing, _ := ctx.Value(closingKey{}).(<-chan struct{})
	return closing
}
