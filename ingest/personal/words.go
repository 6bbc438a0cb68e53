package personal

import (
	"strings"
	"sync"
)

// class is what a word says about the value of a field.
type class uint8

const (
	unknown  class = iota
	question       // is, has: the value is yes or no
	thing          // type, count, at: something about it, not itself
	number         // no, code, info: the value of what stands before it
	person         // applicant: alone it is somebody's name
	bearer         // user, owner: somebody only with name, number or the like
	whose          // home, contact (lx): says which telephone or address
	ofThing        // web, ip, hall: an address of nobody
	name           // name: personal by whose it is
	place          // address: personal unless of a thing
	card           // card: personal with its number
	value          // phone, email: personal whoever's it is
	short          // initials of two letters
)

// part is a word of a name that is known, or one that is not.
type part struct {
	text  string
	class class
}

// english are the words of names in English, by class. Words that are often written as one
// (idcard) are found by their parts too, unless the parts alone say something else.
func english() map[class]string {
	return map[class]string{
		question: `is has claims can if whether need needs allow enable`,
		thing: `type types kind category class count counts total sum qty quantity amount status state flag level grade time date day days
			at on by hour hours
			reason result source channel mode method format length size limit rate ratio score version token hash digest url uri link ip mac
			title sex gender nation unit org dept department region area step item task project window staff count verified valid check
			attempts tries visits app employee employer`,
		number: `no num nos number id ids code value val text str string info detail details data raw enc list plain certificate`,
		person: `applicant contact contacts caller complainant informant citizen recipient addressee payee payer patient householder
			whistleblower petitioner appellant
			representative principal trustee guardian spouse husband wife father mother child parents relative heir beneficiary insured
			taxpayer landlord tenant consignee
			consignor sender receiver requester requestor submitter declarant respondent defendant plaintiff victim witness visitor rater
			resident reporter owner boss neighbor neighbour roommate lessor lessee renter occupant homeowner housekeeper proprietor shareholder
			passerby legalperson legalrep`,
		bearer: `user client customer person personal member driver buyer seller holder student pupil rep party passenger agent`,
		whose:  `home postal mailing delivery residential residence registered permanent current living legal family work office emergency bank`,
		ofThing: `web website site page net ip mac server host hall dept org window service region system file image proxy download callback ` +
			`memory meeting`,
		name:  `name names fname lname`,
		place: `address addr addresses`,
		card:  `card cards cert plate credential credentials account acct`,
		value: `phone phones telephone tel mobile cellphone cell handset fax passport email mailbox birthday birthdate dob idcard idno
			idnumber ssn fullname realname surname nickname
			bankcard wechat weixin qq phoneno mobileno telno identity identitycard`,
		short: `mail`,
	}
}

// pairs are personal as two words that alone say something else.
func pairs() []string {
	return []string{"id card", "full name", "real name", "first name", "last name", "given name", "middle name", "family name", "nick name",
		"birth date", "birth day",
		"bank card", "bank account", "account name", "legal person", "legal rep", "we chat", "e mail"}
}

// pinyin are words as spelt; their initials are known with them. Those in brackets have
// initials that mean something else and are known as spelt alone.
func pinyin() map[class]string {
	return map[class]string{
		person: `shen-qing-ren lian-xi-ren tou-su-ren ju-bao-ren lai-dian-ren dang-shi-ren fa-ding-dai-biao-ren fa-ren-dai-biao wei-tuo-ren
			(shou-tuo-ren) shou-jian-ren (ji-jian-ren)
			(hu-zhu) (huan-zhe) (bing-ren) bao-jing-ren (bao-an-ren) jing-ban-ren dai-li-ren jian-hu-ren fan-ying-ren xin-fang-ren su-qiu-ren
			(ye-zhu) (che-zhu) (fang-zhu) fu-ze-ren quan-li-ren na-shui-ren
			(pei-ou) ling-qu-ren ling-zheng-ren lai-fang-ren zi-xun-ren qiu-zhu-ren shen-bao-ren shen-ban-ren ban-jian-ren (can-bao-ren)
			(fang-dong) (fang-ke) (zu-ke) (zu-hu) (lao-ban) (gu-dong) (lin-ju) cheng-zu-ren chu-zu-ren mai-shou-ren fa-xian-ren xian-suo-ren
			jiao-fei-ren shou-yi-ren (shou-huo-ren) chan-quan-ren
			bei-tou-su-ren bei-ju-bao-ren lian-luo-ren`,
		bearer: `(yong-hu) (ge-ren) (ke-hu) (ben-ren) (jia-zhang) (xue-sheng)`,
		whose: `lian-xi jia-ting yi-dong gu-ding ban-gong tong-xun tong-xin ju-zhu gong-min shen-qing zi-liao hu-ji yin-hang (kai-hu) ` +
			`(lai-dian) (fa-ren) (qi-ye)`,
		card:   `(shen-fen) (zheng-jian)`,
		name:   `(ming) (ming-zi) (ming-cheng)`,
		number: `(hao) hao-ma`,
		value: `xing-ming dian-hua shou-ji shou-ji-hao dian-hua-hao shen-fen-zheng shen-fen-zheng-hao shen-fen-hao shen-fen-zheng-jian
			shen-fen-zheng-jian-hao zheng-jian-hao (hu-zhao) zhu-zhi di-zhi you-xiang
			dian-zi-you-xiang dian-zi-you-jian yin-hang-ka yin-hang-ka-hao yin-hang-zhang-hao yin-hang-zhang-hu lian-xi-fang-shi
			chu-sheng-ri-qi chu-sheng-nian-yue (sheng-ri) (zhang-hao) (ka-hao) (wei-xin) che-pai-hao
			she-bao-ka-hao yi-dong-dian-hua (xian-zhu-zhi) (lai-dian-hao-ma)`,
	}
}

// mostLetters bounds what is taken apart: a longer word is no name that people give, and
// could be cut in very many ways.
const mostLetters = 40

// lexicon holds the words by their spelling, and the most letters that one has.
type lexicon struct {
	english, spelt, initials map[string]class
	longest                  int
}

var known = sync.OnceValue(func() *lexicon {
	l := &lexicon{english: map[string]class{}, spelt: map[string]class{}, initials: map[string]class{
		"hm": number, "h": number, "mc": name, "zj": card, "frdb": person, "fr": whose, "hz": bearer, "yh": bearer, "qy": whose, "xz": whose,
		"xzz": whose, "ldhm": value,
		// 受理人, 审批人, 审核人, 承办人, 操作人, 办理人, 登记人, 录入人, 创建人, 签发人, 回访人: members of staff
		"slr": thing, "spr": thing, "shr": thing, "cbr": thing, "czr": thing, "blr": thing, "djr": thing, "lrr": thing, "cjr": thing,
		"qfr": thing, "hfr": thing,
	}}
	add := func(to map[string]class, word string, c class) {
		if c > to[word] {
			to[word] = c
		}
		l.longest = max(l.longest, len(word))
	}
	for c, words := range english() {
		for word := range strings.FieldsSeq(words) {
			add(l.english, word, c)
		}
	}
	for c, words := range pinyin() {
		for word := range strings.FieldsSeq(words) {
			spelt, ambiguous := strings.Trim(word, "()"), strings.HasPrefix(word, "(")
			add(l.spelt, strings.ReplaceAll(spelt, "-", ""), c)
			initials := ""
			for syllable := range strings.SplitSeq(spelt, "-") {
				initials += syllable[:1]
			}
			switch {
			case ambiguous:
			case len(initials) == 2 && c == value:
				add(l.initials, initials, short)
			default:
				add(l.initials, initials, c)
			}
		}
	}
	return l
})

// take gives the parts of one word: itself, or what it is joined of when all of it is known
// in one way of writing; initials of somebody (…r) may stand before a value as they are.
func (l *lexicon) take(word string) []part {
	if len(word) > mostLetters {
		return []part{{word, unknown}}
	}
	if c, ok := l.english[word]; ok {
		return []part{{word, c}}
	}
	for _, words := range []map[string]class{l.english, l.spelt, l.initials} {
		if parts := l.join(words, word); parts != nil {
			return parts
		}
	}
	if parts := l.mixed(word); parts != nil {
		return parts
	}
	for n := 2; n <= 4 && n < len(word); n++ {
		if word[n-1] != 'r' {
			continue
		}
		if parts := l.join(l.initials, word[n:]); parts != nil && parts[0].class >= value {
			return append([]part{{word[:n], person}}, parts...)
		}
	}
	return []part{{word, unknown}}
}

// mixed cuts a word into somebody in one way of writing and what is told of them in
// another: shenqingrenxm, sqrxingming, shenqingrentel. nil when it cannot be.
func (l *lexicon) mixed(word string) []part {
	for n := min(len(word)-2, l.longest); n > 2; n-- {
		for _, heads := range []map[string]class{l.spelt, l.initials} {
			if c := heads[word[:n]]; c != person && c != bearer {
				continue
			}
			for _, rests := range []map[string]class{l.initials, l.spelt, l.english} {
				if parts := l.join(rests, word[n:]); parts != nil {
					return append([]part{{word[:n], heads[word[:n]]}}, parts...)
				}
			}
		}
	}
	return nil
}

// join cuts a word into known ones, the longest first; nil when it cannot be.
func (l *lexicon) join(words map[string]class, word string) []part {
	if word == "" {
		return []part{}
	}
	for n := min(len(word), l.longest); n > 0; n-- {
		c, ok := words[word[:n]]
		if !ok {
			continue
		}
		if rest := l.join(words, word[n:]); rest != nil {
			return append([]part{{word[:n], c}}, rest...)
		}
	}
	return nil
}
