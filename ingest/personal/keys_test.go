package personal

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The fields of domain guide 8.3, as systems here name them: pinyin whole and by initials,
// Chinese, and English, in every joint and with a number behind.
func TestPersonalFieldsAreKnownByWhateverNameASourceGives(t *testing.T) {
	for key := range strings.FieldsSeq(`
		applicant_name bank_account comment sqrxm SQRXM sqr_xm sqr lxr lxdh lxrdh sfz sfzh sfzhm zjhm sqrzjhm xm sjh dz jtzz lxdz dzyx yhzh
		fddbr frdb_xm ldhm sqrmc sqrsjh sqrsj lxsjhm dhhm
		sqr_lxdh zjhm1 sqrlxdh LXDH2 wtr wtrxm sjr sjr_dh bjr bjrdh hzxm hz_sfzh jhrxm nsrsfzh tsrlxdh yhkh1 csrq cph zxrdz
		lianxidianhua shenqingren shenqingrenxingming xingming1 dianhuahaoma shouji_2 shenfenzhenghao gongminshenfenhaoma huzhu huanzhe
		weituoren shoujianren baojingren jiatingzhuzhi lianxifangshi yonghuming laidianhaoma
		phone contactPhone contact-phone owner_mobile ID_Card idNumber id_no email homeAddress legal_representative_name fullName
		passport_no birth_date
		id_card_number idcard_no idCardNo IDCARDNO cardNumber card_no phone1 contactPhone2 PHONE_NO phonenumber contact_phone_number
		mobile_phone_1 telNo sqr_name user_name username userName contact applicant applicantName1 recipient
		caller caller_id contact_info email2 e_mail home_addr1 applicant.name complainantPhone first_name bankCardNo bank_account_no
		account_no citizen_id legal_person legalPersonName patient_name guardian ｐｈｏｎｅ cert_no date_birthday
		姓名 申请人姓名 联系电话 手机号码 身份证号 申请人证件号码 家庭住址 联系地址 法定代表人 电子邮箱 银行卡号
		公民身份号码 委托人 收件人 户主 患者 报警人 报案人 举报者 消费者 监护人 纳税人 申请人名称 委托人信息 联系人2 联系人（二） 用户名 业主 车主 病历号 居民身份号码1 当事人 收件人名称 社会保障号码 家长姓名 权利人 负责人 反映人 诉求人
		法人代表 微信号 手机1
		shenqingrenxm shenqingrentel sqrxingming sqrdianhua tel_of_boss phone_for_contact name_of_applicant date_of_birth boss neighbour
		fangdong fangdongdianhua laobandh 房东 房东姓名 租客 老板 邻居1 股东名称 乘客
	`) {
		assert.True(t, Key(key), key)
	}
	require.True(t, Key("customer name"))
}

// What is told about somebody, what is of a thing, and what is of a member of staff.
func TestHarmlessFieldsKeepTheirValues(t *testing.T) {
	require.False(t, Key(""))
	for key := range strings.FieldsSeq(`
		is_test task_name item_name org_name step_name material_name project_name name place about_org caller_token rater_token event_id
		target_event_id case_no ticket_no called_number
		window_id staff_id staff_name ip_address result_type fee_code doc_no notice_no first_at id no number amount status channel days
		dept_name deptName contact_count contactCount applicant_type applicantType applicant_types card_type cardType id_card_type
		phone_type phone_count phone_verified has_phone is_applicant isContact contact_time contact_channel
		applicant_count applicant_org applicant_org_name user_agent user_type user_count visitor_count caller_count address_type
		web_address server_address hall_address email_status email_sent_at mobile_app mobile_version
		certificate_no license_no licence_name bank_name office_name work_name file_name account_type account order_no serial_no service_no
		batch_id region_code window_no queue_no home owner_type agent client person user card
		sq fr dhl lx ld hz zj jt yh sl slsj sqsj bjsj bgsj lxsj gdsj xmmc sxmc bmmc dwmc qymc zjlx sqrlx sqrzjlx slr slrxm cbrxm jjr gzr bh
		zt lb cardinal ordinal idle notice paid valid update nonce
		leixing shijian mingcheng hao haoma shixiangmingcheng
		事项名称 项目名称 申请人类型 申请人数 单位名称 部门名称 联系人数 联系次数 证件类型 电话类型 电话办结率 电话渠道 是否本人 办公地址 网站地址 窗口地址 受理人 审批人 承办人 操作人 申请时间 申请人性质 投诉类别 投诉时间 患者人数 个人 机器人
		number_of_contacts count_of_phones type_of_contact time_of_visit hour_of_day 房东类型 租户数量 老板人数
		用户类型 权利人类型 事项编号 法人 人口数
	`) {
		assert.False(t, Key(key), key)
	}
}

// What is shown is hidden where nobody can tell whose name it is.
func TestANameOfNobodyKnowsWhomIsHiddenWhenShown(t *testing.T) {
	for _, key := range []string{"name", "foo_name", "applicant_name", "phone"} {
		require.True(t, Perhaps(key), key)
	}
	for _, key := range []string{"item_name", "dept_name", "task_name", "case_no", ""} {
		require.False(t, Perhaps(key), key)
	}
}

// A name of any length, cut in any way, is answered at once.
func TestALongNameIsAnsweredAtOnce(t *testing.T) {
	begin := time.Now()
	require.False(t, Key(strings.Repeat("no", 20_000)+"x"))
	require.False(t, Key(strings.Repeat("hhm", 20_000)+"x"))
	require.False(t, Key(strings.Repeat("zjh", 13)+"q"))
	require.Less(t, time.Since(begin), time.Second)
}
