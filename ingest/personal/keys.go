// Package personal knows the names by which sources call what is personal (domain guide
// 8.3): one list for what is replaced by tokens before it is stored and for what is hidden
// when it is shown, so that neither forgets what the other knows. A name is taken apart into
// words (English, pinyin, initials of pinyin, Chinese) and decided by what they say together.
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

// Key reports whether a field of this name holds personal data.
func Key(key string) bool {
	if slices.Contains(Keys(), key) {
		return true
	}
	if strings.ContainsFunc(key, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return inChinese(key)
	}
	return decide(parse(key))
}

// Perhaps reports whether a field of this name may hold personal data: a name of nobody knows
// whom too. To show less than there is costs nothing, so that more is hidden than replaced.
func Perhaps(key string) bool {
	if Key(key) {
		return true
	}
	parts := parse(key)
	if len(parts) == 0 || parts[len(parts)-1].class != name {
		return false
	}
	return len(parts) == 1 || parts[len(parts)-2].class == unknown
}

// parse takes a name apart.
func parse(key string) []part {
	var parts []part
	for _, word := range split(key) {
		parts = append(parts, known().take(word)...)
	}
	return paired(possessed(parts))
}

// possessed turns what is said with "of" or "for" round: tel of boss is boss tel. The
// number of something is how many there are.
func possessed(parts []part) []part {
	at := slices.IndexFunc(parts, func(p part) bool { return p.text == "of" || p.text == "for" })
	switch {
	case at <= 0 || at == len(parts)-1:
		return parts
	case at == 1 && slices.Contains([]string{"number", "num", "no"}, parts[0].text):
		return append(slices.Clone(parts), part{"count", thing})
	}
	return append(slices.Clone(parts[at+1:]), parts[:at]...)
}

// paired makes one part of two that are personal together.
func paired(parts []part) []part {
	for i := 1; i < len(parts); i++ {
		both := parts[i-1].text + " " + parts[i].text
		if !slices.Contains(pairs(), both) {
			continue
		}
		c := value
		if strings.HasPrefix(both, "legal") {
			c = person
		}
		parts = slices.Replace(parts, i-1, i+1, part{both, c})
	}
	return parts
}

// decide reads the parts from the end: the last one says what the value is, those before it
// whose. phone is personal alone, a name or a number by the person in front of it, and the
// kind, the number of or the instant of something is not.
func decide(parts []part) bool {
	if len(parts) == 0 || parts[0].class == question {
		return false
	}
	end := len(parts)
	for end > 0 && parts[end-1].class == number {
		end--
	}
	if end == 0 {
		return len(parts) == 2 && parts[0].text == "id" && slices.Contains([]string{"no", "num", "number"}, parts[1].text)
	}
	last, numbered := parts[end-1], end < len(parts)
	var before part
	if end > 1 {
		before = parts[end-2]
	}
	switch last.class {
	case value:
		return true
	case short: // initials of two letters mean many things: alone, or of somebody
		return end == 1 || before.class == person || before.class == bearer || before.class == whose && (numbered || last.text != "sj")
	case card:
		return numbered
	case place:
		return before.class != ofThing
	case name:
		return before.class == person || before.class == bearer
	case person:
		return true
	case bearer, whose:
		return numbered && last.class == bearer || numbered && before.class == person
	default:
		return false
	}
}

// split gives the words of a name in small letters and without numbers: a_b, a-b, a.b, a b,
// aB, ab1; full-width letters are letters.
func split(key string) []string {
	var b strings.Builder
	before := 'A'
	for _, r := range key {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		switch {
		case !unicode.IsLetter(r):
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(before):
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return strings.Fields(b.String())
}

// What Chinese names hold. Whoever is called …人, …者 or …主 is a person, but for members of
// staff, as names of staff are not hidden within their organisation.
var (
	hanValue = regexp.MustCompile(`姓名|电话|手机|座机|传真|身份证|身份号|身份证件|证件号|证号码|护照|住址|地址|住所|邮箱|邮件地址|银行卡|银行账|银行帐|开户账|开户帐|联系方式|出生日期|出生年月|生日|微信|QQ号` +
		`|qq号|车牌|号牌|社保卡|社保号|社会保障号|医保卡|医保号|病历号|户口`)
	hanPerson = regexp.MustCompile(`(?:人|者|户主|业主|房主|车主|货主|店主|雇主|机主|户名|用户|客户|家长|学生|家属|亲属|房东|房客|租客|租户|住户|股东` +
		`|老板|邻居|乘客|顾客|病患|考生|监护|配偶|父亲|母亲|子女|丈夫|妻子|法人代表|法定代表|委托方|被投诉方)(?:名|名字|名称` +
		`|全名|信息|编号|号码|号)?$`)
	hanName  = regexp.MustCompile(`(?:申请|联系|投诉|举报|来电|用户|客户|家长|学生|患者|配偶|父亲|母亲|子女|法人代表|法定代表)者?人?(?:名|名字)$`)
	hanStaff = regexp.MustCompile(`(?:机器|无|受理|审批|审核|承办|处理|操作|创建|录入|登记|派单|签发|回访|接线|值班|主管|复核|执法|督办|调查|办理|窗口|责任|审查|核准|批准)(?:人|者)(?:名|名称)?$` +
		`|^(?:个人|自然人|法人|用户|客户|学生|家长)(?:编号|信息)?$`)
	// What looks like one and is none: names of things, addresses of machines, what is told about somebody.
	hanThing = regexp.MustCompile(`类型|类别|种类|性质|网址|ip地址|mac地址|(?:网站|链接|网络|服务器|接口|窗口|大厅|办事|办公|部门|现场|文件|图片)地址|数量|人数|次数|个数|总数|是否|状态|时间$|渠道$` +
		`|来源$|等级$|级别$|率$|数$|单位名称$|(?:事项|项目|部门|机构|窗口|步骤|环节)名称$|权利人类|说明$`)
)

// inChinese decides a name with Chinese in it.
func inChinese(key string) bool {
	key = strings.TrimRightFunc(strings.ToLower(key), func(r rune) bool {
		return !unicode.IsLetter(r) || strings.ContainsRune("一二三四五", r)
	})
	switch {
	case hanThing.MatchString(key):
		return false
	case hanValue.MatchString(key):
		return true
	}
	return hanName.MatchString(key) || hanPerson.MatchString(key) && !hanStaff.MatchString(key)
}
