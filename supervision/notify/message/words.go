package message

import (
	"time"

	"duban/supervision/lawzone"
)

// word gives the Chinese and the English of a code; a code without words
// stands for itself.
func word(code string) (zh, en string) {
	if w, ok := words()[code]; ok {
		return w[0], w[1]
	}
	return code, code
}

func words() map[string][2]string {
	return map[string][2]string{
		"red": {"红牌", "red card"}, "yellow": {"黄牌", "yellow card"}, "warning": {"预警", "warning"}, "notice": {"提示", "notice"},
		"alert": {"预警信息", "alert"}, "order": {"督办单", "supervision order"}, "rating": {"差评工单", "bad-rating order"},
		"exposure": {"曝光事项", "exposure"}, "referral": {"问责移送", "accountability referral"},
		"pending": {"待发", "to be confirmed"}, "issued": {"已发", "issued"}, "acked": {"已签收", "acknowledged"},
		"fed_back": {"已反馈", "answered"}, "appealed": {"申诉中", "appealed"}, "upheld": {"维持", "upheld"},
		"escalated": {"上报", "escalated"}, "revoked": {"撤销", "revoked"}, "cancelled": {"取消", "cancelled"},
		"closed": {"办结", "closed"}, "review": {"待复核", "in review"}, "signed": {"已签收", "signed"},
		"in_progress": {"办理中", "in progress"}, "replied": {"已回复", "replied"}, "returned": {"退回重办", "returned"},
		"accepted": {"已通过", "accepted"}, "opened": {"差评生成", "opened"}, "verifying": {"回访核实", "being verified"},
		"valid": {"核实属实", "valid"}, "invalid_claimed": {"误评申诉", "claimed to be invalid"}, "excluded": {"已剔除", "excluded"},
		"rectifying": {"整改中", "being rectified"}, "rectified": {"已整改", "rectified"}, "rejected": {"整改被否", "rejected"},
		"confirmed": {"已确认", "confirmed"}, "explained": {"已说明", "explained"}, "candidate": {"待审", "proposed"},
		"published": {"已公开", "published"},
	}
}

func zh(code string) string { w, _ := word(code); return w }

func en(code string) string { _, w := word(code); return w }

// colour of a severity, dark enough for text on white (WCAG AA).
func colour(severity string) string {
	switch severity {
	case "red":
		return "#b3261e"
	case "yellow":
		return "#8a5a00"
	case "warning":
		return "#1f5fa8"
	}
	return "#4a5568"
}

func local(t time.Time) string { return t.In(lawzone.Zone).Format("2006-01-02 15:04") }
