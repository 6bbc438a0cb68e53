// Package lawzone is the zone in which the law counts its days: Asia/Shanghai,
// which has kept +08:00 since 1991-09-15. Facts before 2000 are refused at
// ingest, so that the summer time of 1986 to 1991 never matters and the zone
// is a fixed offset, which needs no zone database on the machine.
//
// Everybody may import it and it imports nothing of ours; depcheck lets no
// second declaration of the zone stand beside it.
package lawzone

import "time"

// OffsetMillis is how far the zone is ahead of UTC, in milliseconds, for day
// arithmetic on instants.
const OffsetMillis = 8 * 60 * 60 * 1000

// Zone is the zone of law. It is never written to.
var Zone = time.FixedZone("Asia/Shanghai", OffsetMillis/1000)
