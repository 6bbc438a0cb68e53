// Package channel sends messages: e-mail over TLS, signed webhooks, the robots
// of DingTalk, WeCom and Feishu, and a Kafka topic. Each answers with a typed
// result: sent, to be tried again, or refused for good, with a reason that
// holds no address.
//
// The robots are written out here rather than taken from a library:
// shoutrrr knows Feishu and WeCom and not DingTalk, nikoksr/notify knows
// DingTalk and Feishu and not WeCom's robots; both hide the answer of the
// vendor in text, so that "too many, come back later" and "wrong signature"
// cannot be told apart, and neither takes an HTTP client, so that the rules
// about hosts, redirects and private addresses could not be kept.
package channel
