package pii_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/supervision/pii"
)

func TestWhatIsPersonalIsHiddenInWhateverFormItIsWritten(t *testing.T) {
	for text, want := range map[string]string{
		"电话13812345678。":          "电话138****5678。",
		"+8613812345678":          "+86138****5678",
		"8613812345678":           "86138****5678",
		"+86 138 1234 5678":       "+86 138******5678",
		"138-1234-5678":           "138******5678",
		"１３８１２３４５６７８":             "１３８****５６７８",
		"tel13812345678":          "tel138****5678",
		"610102199003071234":      "610***********1234",
		"61010219900307123X，":     "610***********123X，",
		"610102900307123":         "610********7123",
		"029-88888888":            "029*****8888",
		"029 88888888/0912-38123": "029*****8888/0912-38123",
		"a.b+c@example.cn":        "a***@",
		"13812345678 13912345678": "138****5678 139****5678",
		// What a break-in found unmasked.
		"138.1234.5678":           "138******5678",
		"138/1234/5678":           "138******5678",
		"138·1234·5678":           "138******5678",
		"138,1234,5678":           "138******5678",
		"138，1234，5678":           "138******5678",
		"138_1234_5678":           "138******5678",
		"1,3,8,1,2,3,4,5,6,7,8":   "1,3,8*********5,6,7,8",
		"610102_19900307_1234":    "610*************1234",
		"610102,1990,03,07,1234":  "610***************1234",
		"029_88888888":            "029*****8888",
		"1 3 8 1 2 3 4 5 6 7 8":   "1 3 8*********5 6 7 8",
		"610102-19900307-1234":    "610*************1234",
		"610102 1990-03-07 123X":  "610***************123X",
		"(029)88888888":           "(029*****8888",
		"（029）8888 8888":          "（029******8888",
		"x13812345678":            "x138****5678",
		"138\u200b1234\u200b5678": "138******5678",
		"١٣٨١٢٣٤٥٦٧٨":             "١٣٨****٥٦٧٨",
		"138|1234|5678":           "138******5678",
		"138 - 1234 - 5678":       "138**********5678",
		"①13812345678":            "①138****5678",
		"之一13812345678":           "之一138****5678",
		"zhang.san＠example.cn":    "z***@",
		"1\u200d38123\ufeff45678": "1\u200d38*****5678",
		"6222021001116245702":     "622************5702",
		"6222 0210 0111 6245 702": "622***************5 702",
		"卡号6222021001116245700。":  "卡号6222****5700。",
		"陕K12345":                 "陕K*****",
		"陕K·D12345":               "陕K·*****",
		"联系人：张三丰，电话见附件":           "联系人：张**，电话见附件",
		"姓名 李四":                   "姓名 李*",
		"请王小明先生签收":                "请王**先生签收",
	} {
		require.Equal(t, want, pii.Mask(text))
		require.True(t, pii.Found(text), text)
	}
	// Numbers of cases, days, amounts and codes are none of it.
	for _, text := range []string{"ZW6108032026030400000392", "ZW13812345678", "2026-03-05 12:30:45", "11610825000083643U", "610825000000",
		"13812345678901", "共 138,123,456.78 元",
		"610802-20260304-0001", "6222021001116245701", "陕政办发〔2026〕3号", "陕KABCDE", "申请人未到场", "张先生", "2026.03.05 12.30", "12.5 13.8",
		"12345", "R-DDL-04 2026-11-26", "0912", "a1b2c3d4-13812345678a"} {
		require.Equal(t, text, pii.Mask(text))
		require.False(t, pii.Found(text), text)
	}
}

func FuzzATelephoneNumberIsNeverShown(f *testing.F) {
	f.Add("x", "y", false)
	f.Add("13", "-", true)
	f.Fuzz(func(t *testing.T, before, after string, wide bool) {
		number := "13812345678"
		if wide {
			number = "１３８１２３４５６７８"
		}
		text := before + " | " + number + " | " + after
		out := pii.Mask(text)
		if strings.Contains(out, "| "+number+" |") {
			t.Fatalf("shown: %q", out)
		}
		if pii.Mask(out) != out {
			t.Fatalf("masked twice: %q", out)
		}
	})
}

// 91350100M000100Y43 is the example of GB 32100-2015; the other is Baidu's, as
// printed on its public licence, and then with one character changed. 11010519491231002X is
// the example of an identity number in GB 11643-1999.
func TestAnOrganisationIsKnownByItsCheckCharacter(t *testing.T) {
	for code, want := range map[string]bool{
		"91350100M000100Y43": true, "91110000802100433B": true, "91110000802100434B": false, "11010519491231002X": false, "": false,
		"9135": false, "91350100m000100y43": false,
	} {
		require.Equal(t, want, pii.OrgCode(code), code)
	}
}
