package world

// Scatter is a number that depends on the seed and a place only.
func Scatter(seed, stream uint64, index int64) uint64 {
	x := seed ^ stream<<56 ^ uint64(index)*0x9e3779b97f4a7c15
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// Drawn reports whether a place is one of a share.
func Drawn(x uint64, share float64) bool { return float64(x>>11)/(1<<53) < share }
