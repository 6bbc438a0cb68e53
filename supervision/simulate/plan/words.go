package plan

import "math/rand/v2"

var (
	ticketChannels = []weighted{
		{"phone", 62}, {"wechat", 9}, {"app", 7}, {"web_mailbox", 6}, {"web_message", 4}, {"sms", 2}, {"weibo", 1},
		{"qq", 1}, {"hall", 2}, {"from_110", 3}, {"from_superior", 2}, {"other", 1},
	}
	ticketKinds = []weighted{
		{"consult", 38}, {"help", 28}, {"complaint", 18}, {"report", 6}, {"suggest", 4}, {"praise", 2}, {"biz_env", 2}, {"other", 2},
	}
	calledNumbers = []weighted{{"12345", 88}, {"12315", 5}, {"12333", 4}, {"96123", 3}}
	ticketTopics  = []weighted{
		{"供热", 8}, {"物业管理", 12}, {"噪声扰民", 7}, {"道路交通", 9}, {"停车管理", 6}, {"社会保险", 11}, {"医疗保障", 8},
		{"教育招生", 5}, {"市场消费", 11}, {"劳动纠纷", 7}, {"不动产登记", 6}, {"环境污染", 4}, {"农村事务", 4}, {"营商服务", 2},
	}
	ticketPlaces = []weighted{{"城东", 5}, {"城西", 4}, {"城南", 4}, {"城北", 3}, {"开发区", 2}, {"老城", 3}, {"乡镇", 4}}
)

// pick draws one of a list of weighted words.
func pick(r *rand.Rand, words []weighted) string {
	sum := 0
	for i := range words {
		sum += words[i].weight
	}
	n := r.IntN(sum)
	for i := range words {
		if n -= words[i].weight; n < 0 {
			return words[i].word
		}
	}
	return words[len(words)-1].word
}

// weighted is a word and how often it comes up.
type weighted struct {
	word   string
	weight int
}
