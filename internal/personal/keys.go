// Package personal knows the names by which sources call what is personal (domain guide
// 8.3): one list for what is replaced by tokens before it is stored and for what is hidden
// when it is shown, so that neither forgets what the other knows.
package personal

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Keys are the names of the product's own schemas, as the schemas describe them.
func Keys() []string {
	return []string{"applicant_name", "applicant_id", "applicant_phone", "contact_name", "contact_phone", "caller_name",
		"caller_number", "address", "email", "content", "comment", "opinion", "bank_account"}
}

// What sources of our own call it, in words joined by lines or humps. A name alone is
// anybody's; with the person in front it is personal. Names of staff are not hidden within
// their organisation, and are shown nowhere else.
var (
	alone = []string{"phone", "telephone", "tel", "mobile", "cellphone", "phoneno", "phonenumber", "mobileno", "mobilenumber", "idcard", "idcardno", "idno",
		"idnumber", "passport", "passportno", "email", "birthday", "birthdate", "bankaccount", "bankcard", "cardno", "fullname", "realname"}
	persons = []string{"applicant", "contact", "caller", "owner", "agent", "person", "personal", "customer", "client", "citizen", "complainant", "informant", "reporter", "visitor",
		"rater", "recipient", "addressee", "representative", "rep", "principal", "resident", "home", "family", "postal", "mailing", "given", "first", "last"}
	ofPerson = []string{"name", "address", "addr", "id", "number", "no", "account"}
	pairs    = []string{"idcard", "idno", "idnumber", "phoneno", "phonenumber", "mobileno", "mobilenumber", "passportno", "fullname", "realname", "bankaccount", "bankcard", "cardno", "birthdate"}
	// Pinyin initials and words, whole: 姓名, 申请人, 联系人, 电话, 手机, 身份证, 证件号码, 地址, 住址, 邮箱, 银行账号, 法定代表人, 代理人, 投诉人, 来电.
	pinyin = regexp.MustCompile(`^(?:(?:sqr|lxr|tsr|jbr|ldr|dlr|wtr|dsr|fr|frdb|fddbr|qy|lx|sq|zl|tx|jt|hj|xzz?|yd|gd|bg)_?)?(?:xm|dh|dhhm|sj|sjh|sjhm|yddh|gddh|sfz|sfzh|sfzhm|sfzjh|sfzjhm|zjh|zjhm|dz|zz|jtzz|yx|dzyx|dzyj|yhzh|yhkh|lxfs)$` +
		`|^(?:sqr|sqrmc|lxr|lxrmc|tsr|jbr|dlr|dsr|fddbr|frdb|lxdh|ldhm|ldr)$|^(?:xingming|shenqingren|lianxiren|dianhua|shouji|shoujihao|shenfenzheng|dizhi|zhuzhi|youxiang)$`)
	chinese = regexp.MustCompile(`姓名|电话|手机|身份证|证件号|护照|住址|地址|联系人|申请人|投诉人|举报人|来电人|当事人|法定代表人|法人代表|邮箱|银行卡|银行账|开户账|联系方式|出生日期`)
	// What looks like one and is none: names of things, addresses of machines.
	things = regexp.MustCompile(`名称$|类型|类别|网址|ip地址|IP地址|数量|人数|次数|是否`)
)

// Key reports whether a field of this name holds personal data.
func Key(key string) bool {
	if slices.Contains(Keys(), key) {
		return true
	}
	if chinese.MatchString(key) {
		return !things.MatchString(key)
	}
	words := split(key)
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	switch {
	case pinyin.MatchString(strings.Join(words, "_")):
		return true
	case slices.Contains(alone, last):
		return true
	case len(words) == 1:
		return false
	case slices.Contains(pairs, words[len(words)-2]+last):
		return true
	}
	return slices.Contains(ofPerson, last) && slices.Contains(persons, words[len(words)-2])
}

// split gives the words of a name in small letters: a_b, a-b, a.b, a b, aB.
func split(key string) []string {
	var b strings.Builder
	before := 'A'
	for _, r := range key {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(before):
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return strings.Fields(b.String())
}
