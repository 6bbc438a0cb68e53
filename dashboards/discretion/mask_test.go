package discretion

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPersonalDataAreHidden(t *testing.T) {
	// The masks are those of domain guide 8.3.
	for raw, want := range map[string]string{
		`{"phone":"13812345678"}`:     "{\n  \"phone\": \"***\"\n}",
		`{"note":"13812345678"}`:      "{\n  \"note\": \"138****5678\"\n}",
		`{"note":13812345678}`:        "{\n  \"note\": \"138****5678\"\n}",
		`{"id":"610102199003071234"}`: "{\n  \"id\": \"610***********1234\"\n}",
		`{"Applicant_Name":"张三","x":[{"address":"长安街 1 号"}]}`: "{\n  \"Applicant_Name\": \"***\",\n  \"x\": [\n    {\n   " +
			"   \"address\": \"***\"\n    }\n  ]\n}",
		`{"applicant\u005fname":"张三"}`:          "{\n  \"applicant_name\": \"***\"\n}",
		`{"caller_number":{"a":"13812345678"}}`: "{\n  \"caller_number\": \"***\"\n}",
		`{"姓名":"张三","sqrxm":"张三","lxdh":"x","contact_tel":"y","task_name":"取水许可"}`: "{\n  \"contact_tel\": \"***\",\n  \"lxdh\": \"***\",\n  " +
			"\"sqrxm\": \"***\",\n  \"task_name\": \"取水许可\",\n  \"姓名\": \"***\"\n}",
		`{"联系人":"张三","n":1`: `{"联系人":"***","n":1`,
		// the code of an organisation in its place
		`{"accept_org":"116108020160000130","note":"116108020160000130"}`: "{\n  \"accept_org\": \"116108020160000130\",\n  \"note\": " +
			"\"116***********0130\"\n}",
		`{"accept_org":"610102199003071234"}`:                      "{\n  \"accept_org\": \"610***********1234\"\n}",
		`{"content":"tok:ABCDEFGHIJKLMNOP"}`:                       "{\n  \"content\": \"tok:ABCDEFGH…\"\n}",
		`{"case_no":"61010220260630","opened":"2026-06-30"}`:       "{\n  \"case_no\": \"61010220260630\",\n  \"opened\": \"2026-06-30\"\n}",
		`{"applicant_name":"张三","x":`:                              `{"applicant_name":"***","x":`,
		`{"applicant_name": "张`:                                    `{"applicant_name": "***"`,
		`call 13812345678 or 029-88888888 or zhang.san@example.cn`: "call 138****5678 or 029*****8888 or z***@",
	} {
		require.Equal(t, want, MaskRaw(raw))
	}
}

func FuzzMaskNeverShowsATelephoneNumber(f *testing.F) {
	f.Add("x", `{"a":"`)
	f.Add("", "")
	f.Fuzz(func(t *testing.T, before, after string) {
		if out := MaskRaw(before + " 13812345678 " + after); strings.Contains(out, " 13812345678 ") {
			t.Fatalf("shown: %q", out)
		}
	})
}

// A panel of attributes and a topic hide what the payload beside them hides.
func TestAttributesAreHiddenByTheirName(t *testing.T) {
	require.Equal(t, "***", MaskField("申请人姓名", "张三"))
	require.Equal(t, "***", MaskField("sqrxm", "张三"))
	require.Equal(t, "tok:ABCDEFGH…", MaskField("sqrxm", "tok:ABCDEFGHIJKL"))
	require.Equal(t, "电话138****5678", MaskField("备注", "电话13812345678"))
	require.Equal(t, "联系人：张*，138****5678", MaskText("联系人：张三，13812345678"))
}
