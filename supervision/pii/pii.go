// Package pii finds what surely is personal in a text that people wrote: identity,
// telephone and card numbers, plates, mail addresses, and names that the text itself calls
// names (domain guide 8.3).
package pii

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sep is what people write between the digits of a number: nothing, or up to three signs.
const sep = `[ ./,_|-]{0,3}`

// form is one way to write a number. The group is what is masked.
type form struct {
	is *regexp.Regexp
	// sure has a say beside the form; nil takes every match.
	sure func(digits string) bool
}

// The forms, on a text whose characters are one byte each; see flatten.
var forms = []form{
	// GB 11643: eighteen places, of old fifteen with a date of birth of six.
	{regexp.MustCompile(`^([1-9]\d{5} ?\d{8} ?\d{3}[\dXx])`), nil},
	{regexp.MustCompile(`^([1-9]\d{5}` + sep + `(?:19|20)\d{2}` + sep + `\d{2}` + sep + `\d{2}` + sep + `\d{3}` + sep + `[\dXx])`), identity},
	{regexp.MustCompile(`^([1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})`), nil},
	// Mobile: in groups, or each digit for itself.
	{regexp.MustCompile(`^(?:\+?86[ -]?)?(1[3-9]\d` + sep + `\d{4}` + sep + `\d{4})`), nil},
	{regexp.MustCompile(`^(?:\+?86[ -]?)?(1(?: [3-9](?: \d){9}|-[3-9](?:-\d){9}|\.[3-9](?:\.\d){9}|,[3-9](?:,\d){9}|_[3-9](?:_\d){9}))`), nil},
	// Landline, its area in brackets or not.
	{regexp.MustCompile(`^(?:\+?86[ -]?)?(0\d{2,3}[ .,_-]{0,2}\d{7,8})`), nil},
	{regexp.MustCompile(`^(\(0\d{2,3}\) ?\d{3,4}[ -]?\d{4})`), nil},
	// Bank cards.
	{regexp.MustCompile(`^([3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?)`), luhn},
}

var (
	mail = regexp.MustCompile(`[A-Za-z0-9._%+-]+[@＠][A-Za-z0-9.-]+\.[A-Za-z]{2,}`)
	// announced are words that announce a number; after any other letter it belongs to
	// a longer name, such as that of a case.
	announced = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:tel|phone|mobile|mob|id|sj|sjh|dh|lxdh|sfz|sfzh|[a-z])$`)
	// card is a number of an account that the text calls so, whatever its check digit.
	card = regexp.MustCompile(`((?:卡号|账号|帐号|银行卡)[为是：: ]{0,2})(\d{4})[\d -]{4,18}(\d{4})`)
	// plate is a number plate (GA 36): province, letter, five or six signs.
	plate = regexp.MustCompile(`([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·•. -]?)([A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9学警港澳挂])`)
	// named is a name that the text calls one, titled one before a form of address.
	named  = regexp.MustCompile(`((?:姓名|联系人|申请人|投诉人|举报人|来电人|当事人|法定代表人|法人代表|代理人)[为是叫：:\s]{1,2})(\p{Han})(\p{Han}{1,3})`)
	titled = regexp.MustCompile(`([王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢` +
		`宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常])(\p{Han}{1,2})(先生|女士|小姐|同志)`)
)

// span is a part of a text, in characters.
type span struct{ from, to int }

// Found reports whether a text holds something personal.
func Found(text string) bool { return Mask(text) != text }

// Mask hides what is personal in a text: the first three and the last four digits of a
// number stay, the place of a plate, and the first character of a mail address or name.
func Mask(text string) string {
	if strings.ContainsFunc(text, digit) {
		all := []rune(text)
		for _, s := range numbers(all) {
			hide(all[s.from:s.to])
		}
		text = card.ReplaceAllString(string(all), "$1$2****$3")
		text = plate.ReplaceAllStringFunc(text, func(m string) string {
			part := plate.FindStringSubmatch(m)
			if !strings.ContainsFunc(part[2], digit) {
				return m // a word
			}
			return part[1] + "*****"
		})
	}
	text = named.ReplaceAllStringFunc(text, func(m string) string {
		part := named.FindStringSubmatch(m)
		return part[1] + part[2] + strings.Repeat("*", len([]rune(part[3])))
	})
	text = titled.ReplaceAllStringFunc(text, func(m string) string {
		part := titled.FindStringSubmatch(m)
		return part[1] + strings.Repeat("*", len([]rune(part[2]))) + part[3]
	})
	return mail.ReplaceAllStringFunc(text, func(m string) string { return m[:1] + "***@" })
}

// hide replaces everything between the third and the fourth digit from the end.
func hide(part []rune) {
	n := 0
	for _, r := range part {
		if digit(r) || r == 'X' || r == 'x' {
			n++
		}
	}
	seen := 0
	for i, r := range part {
		if digit(r) || r == 'X' || r == 'x' {
			seen++
		}
		if seen > 3 && seen <= n-4 || seen == 3 && !digit(r) {
			part[i] = '*'
		}
	}
}

func digit(r rune) bool { return unicode.IsDigit(r) }

// Digit is the digit of ASCII that a digit of any script stands for, and any other rune itself.
func Digit(r rune) rune {
	if r < utf8.RuneSelf || !digit(r) {
		return r
	}
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) { //nolint:gosec // a rune
			return '0' + (r-rune(t.Lo))%10 //nolint:gosec // a rune
		}
	}
	return r
}

// numbers finds the numbers, from left to right.
func numbers(text []rune) (out []span) {
	flat, place := flatten(text)
	for at := 0; at < len(flat); at++ {
		c := flat[at]
		if c != '+' && c != '(' && (c < '0' || c > '9') || !begins(flat, at) {
			continue
		}
		for _, f := range forms {
			m := f.is.FindSubmatchIndex(flat[at:])
			if m == nil || !ends(flat, at+m[1]) || f.sure != nil && !f.sure(onlyDigits(flat[at+m[2]:at+m[3]])) {
				continue
			}
			out = append(out, span{place[at+m[2]], place[at+m[3]-1] + 1})
			at += m[1] - 1
			break
		}
	}
	return out
}

// begins reports whether a number may begin at a place.
func begins(flat []byte, at int) bool {
	if at == 0 {
		return true
	}
	switch before := flat[at-1]; {
	case before >= '0' && before <= '9':
		return false
	case letter(before):
		return announced.Match(flat[max(0, at-8):at])
	}
	return true
}

// ends reports whether a number may end before a place.
func ends(flat []byte, at int) bool {
	return at == len(flat) || !letter(flat[at]) && (flat[at] < '0' || flat[at] > '9')
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }
