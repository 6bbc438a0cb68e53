package notify

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"duban/supervision/notify/channel"
)

func TestThatAChannelIsNotConfiguredIsSaidOnce(t *testing.T) {
	n := &Notifier{}
	assert.True(t, n.worthSaying("dingtalk", channel.NotConfigured))
	assert.False(t, n.worthSaying("dingtalk", channel.NotConfigured))
	assert.True(t, n.worthSaying("email", channel.NotConfigured), "another channel")
	for range 2 {
		assert.True(t, n.worthSaying("email", channel.Refused))
	}
}
