package kafkatest

import "fmt"

// guard outlives the test process, however that ends: its input closes then, and it ends
// the broker ($1) and removes the folder ($2).
const guard = `cat >/dev/null; kill -9 "$1"; while kill -0 "$1"; do sleep 0.1; done; rm -rf "$2"`

const logging = `
appender.c.type = Console
appender.c.name = C
appender.c.target = SYSTEM_ERR
appender.c.layout.type = PatternLayout
appender.c.layout.pattern = %d %p %c{1} %m%n
rootLogger.level = WARN
rootLogger.appenderRef.c.ref = C
`

// properties is the configuration of a broker. Sizes and the arrival time are those of
// the embedded broker; one replica, few partitions of Kafka's own topics, and no pause
// before the first member of a group gets its partitions, for the speed of tests.
func properties(dir, addr, controller string) string {
	return fmt.Sprintf(`process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://%[2]s,CONTROLLER://%[3]s
advertised.listeners=PLAINTEXT://%[2]s,CONTROLLER://%[3]s
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=%[3]s
inter.broker.listener.name=PLAINTEXT
log.dirs=%[1]s/data
auto.create.topics.enable=false
message.max.bytes=16777216
log.message.timestamp.type=LogAppendTime
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=4
log.segment.delete.delay.ms=1000
`, dir, addr, controller)
}
