package world

import "strconv"

// AppendNumber writes a case or ticket number: two letters, the region's first
// six digits, the date, and a running number of eight digits.
func AppendNumber(b []byte, letters, region string, day int32, index int64) []byte {
	b = append(b, letters...)
	b = append(b, region[:6]...)
	d := Date(day)
	b = strconv.AppendInt(b, int64(d.Year()*10000+int(d.Month())*100+d.Day()), 10)
	return AppendPadded(b, index, 8)
}

// AppendPadded writes a number with leading zeros.
func AppendPadded(b []byte, n int64, width int) []byte {
	var digits [20]byte
	i := len(digits)
	for ; n > 0 || width > 0; width-- {
		i--
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	return append(b, digits[i:]...)
}

// One counts a condition: 1 when it holds.
func One(b bool) int {
	if b {
		return 1
	}
	return 0
}
