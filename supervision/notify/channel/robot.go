package channel

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"duban/supervision/notify/message"
)

// RobotAccount is the robot of a group chat. The URL holds the vendor's token
// and is a secret.
type RobotAccount struct {
	// Kind is dingtalk, wecom or feishu.
	Kind string `yaml:"kind"`
	URL  string `yaml:"url"`
	// Secret signs the messages of DingTalk and Feishu (加签, 签名校验); WeCom
	// has none.
	Secret string `yaml:"secret"`
}

// RobotKinds are the vendors.
func RobotKinds() []string { return []string{"dingtalk", "wecom", "feishu"} }

// VendorHosts are where the robots of the vendors live; allowed without being
// listed.
func VendorHosts() []string {
	return []string{"oapi.dingtalk.com", "qyapi.weixin.qq.com", "open.feishu.cn", "open.larksuite.com"}
}

// Robot posts the digest as Markdown to a group chat.
type Robot struct {
	kind   string
	poster *poster
	robots map[string]RobotAccount
	now    func() time.Time
}

var _ Sender = (*Robot)(nil)

// NewRobot prepares a sender for the robots of one kind, by name.
func NewRobot(kind string, hosts Hosts, robots map[string]RobotAccount, now func() time.Time) (*Robot, error) {
	if !slices.Contains(RobotKinds(), kind) {
		return nil, fmt.Errorf("robot kind %q is not one of dingtalk, wecom, feishu", kind)
	}
	hosts.Allowed = append(slices.Clone(hosts.Allowed), VendorHosts()...)
	p, err := newPoster(hosts)
	if err != nil {
		return nil, err
	}
	return &Robot{kind: kind, poster: p, robots: robots, now: now}, nil
}

// Send posts m to the robot that the address names.
func (r *Robot) Send(ctx context.Context, to Address, m message.Message) Result {
	account, ok := r.robots[to.Robot]
	if !ok || account.Kind != r.kind {
		return refuse(NotConfigured, "no robot of that name and kind")
	}
	target, body, err := r.request(account, m)
	if err != nil {
		return refuse(BadAddress, "want an https URL")
	}
	got, failed := r.poster.post(ctx, target, nil, body)
	if failed != nil {
		return *failed
	}
	if res := byStatus(got.status); res != nil {
		return *res
	}
	return judge(got.body)
}

// The limits of the vendors for Markdown, in bytes.
const (
	wecomLimit    = 4096
	dingtalkLimit = 20000
	feishuLimit   = 18000 // 20 KB for the whole request
)

// request builds what a vendor wants.
func (r *Robot) request(a RobotAccount, m message.Message) (target string, body []byte, err error) {
	target = a.URL
	var v any
	switch r.kind {
	case "dingtalk":
		if target, err = signDingTalk(a, r.now()); err != nil {
			return "", nil, err
		}
		v = map[string]any{"msgtype": "markdown",
			"markdown": map[string]string{"title": m.Subject, "text": message.Cut(m.Markdown, dingtalkLimit)}}
	case "wecom":
		v = map[string]any{"msgtype": "markdown", "markdown": map[string]string{"content": message.Cut(m.Markdown, wecomLimit)}}
	default:
		card := map[string]any{
			"config":   map[string]any{"wide_screen_mode": true},
			"header":   map[string]any{"title": map[string]string{"tag": "plain_text", "content": m.Subject}, "template": feishuColour(m)},
			"elements": []any{map[string]string{"tag": "markdown", "content": message.Cut(m.Markdown, feishuLimit)}},
		}
		request := map[string]any{"msg_type": "interactive", "card": card}
		if a.Secret != "" {
			stamp := strconv.FormatInt(r.now().Unix(), 10)
			request["timestamp"], request["sign"] = stamp, signFeishu(stamp, a.Secret)
		}
		v = request
	}
	body, err = json.Marshal(v)
	return target, body, err
}

// signDingTalk adds timestamp (milliseconds) and sign to the URL: HMAC-SHA256
// with the secret as key over timestamp, line feed, secret.
func signDingTalk(a RobotAccount, now time.Time) (string, error) {
	if a.Secret == "" {
		return a.URL, nil
	}
	u, err := url.Parse(a.URL)
	if err != nil {
		return "", err
	}
	stamp := strconv.FormatInt(now.UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(a.Secret))
	mac.Write([]byte(stamp + "\n" + a.Secret))
	q := u.Query()
	q.Set("timestamp", stamp)
	q.Set("sign", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// signFeishu uses timestamp (seconds), line feed, secret as the key and signs
// nothing: the other way round than DingTalk.
func signFeishu(stamp, secret string) string {
	return base64.StdEncoding.EncodeToString(hmac.New(sha256.New, []byte(stamp+"\n"+secret)).Sum(nil))
}

func feishuColour(m message.Message) string {
	if len(m.Severities) == 0 {
		return "blue"
	}
	switch m.Severities[0].Severity {
	case "red":
		return "red"
	case "yellow":
		return "yellow"
	}
	return "blue"
}

// busyCodes are the vendors' words for "too many, come back later" and "our
// fault": DingTalk -1, 130101, 410100; WeCom -1, 45009, 45033; Feishu 9499,
// 11232, 99991400.
func busyCodes() []int64 { return []int64{-1, 130101, 410100, 45009, 45033, 9499, 11232, 99991400} }

// judge reads the answer: all three say 200 and mean the code inside.
func judge(body []byte) Result {
	var a struct {
		ErrCode    *int64 `json:"errcode"`
		Code       *int64 `json:"code"`
		StatusCode *int64 `json:"StatusCode"`
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return refuse(Refused, "answer is not that of a robot")
	}
	for _, code := range []*int64{a.ErrCode, a.Code, a.StatusCode} {
		switch {
		case code == nil:
		case *code == 0:
			return OK()
		case slices.Contains(busyCodes(), *code):
			return retry(Busy, fmt.Sprintf("code %d", *code))
		default:
			return refuse(Refused, fmt.Sprintf("code %d", *code))
		}
	}
	return refuse(Refused, "answer is not that of a robot")
}
