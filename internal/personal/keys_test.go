package personal

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The fields of domain guide 8.3, as systems here name them: pinyin initials, Chinese, and
// English in every joint.
func TestPersonalFieldsAreKnownByWhateverNameASourceGives(t *testing.T) {
	for _, key := range []string{
		"applicant_name", "bank_account", "comment", "sqrxm", "SQRXM", "sqr_xm", "sqr", "lxr", "lxdh", "lxrdh", "sfz", "sfzh", "sfzhm", "zjhm", "sqrzjhm", "xm", "sjh", "dz", "jtzz", "lxdz", "dzyx", "yhzh", "fddbr", "frdb_xm",
		"姓名", "申请人姓名", "联系电话", "手机号码", "身份证号", "申请人证件号码", "家庭住址", "联系地址", "法定代表人", "电子邮箱", "银行卡号",
		"phone", "contactPhone", "contact-phone", "owner_mobile", "ID_Card", "idNumber", "id_no", "email", "homeAddress", "legal_representative_name", "customer name", "fullName", "passport_no", "birth_date",
	} {
		require.True(t, Key(key), key)
	}
	for _, key := range []string{
		"", "is_test", "task_name", "item_name", "org_name", "step_name", "material_name", "project_name", "name", "place", "about_org", "caller_token", "rater_token", "event_id", "target_event_id", "case_no", "ticket_no",
		"window_id", "staff_id", "ip_address", "事项名称", "项目名称", "申请人类型", "申请人数", "单位名称", "result_type", "fee_code", "doc_no", "notice_no", "first_at", "id", "no", "number", "amount", "status", "channel", "days", "sq", "fr", "dhl",
	} {
		require.False(t, Key(key), key)
	}
}
