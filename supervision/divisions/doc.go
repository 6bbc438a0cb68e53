// Package divisions holds China's administrative divisions: province, city,
// county, township and (for three cities) village, embedded in the binary.
//
// The tables are the statistical division codes of the National Bureau of
// Statistics, edition 2023-06-30; data/LICENCE.md names origin and licence.
//
// Codes are strings of 6, 9 or 12 digits. The source writes provinces with two
// and cities with four digits; here they are padded: 61 is 610000, 6108 is
// 610800. A parent is found through the table and never by cutting a code,
// because there are exceptions (domain guide 1.1):
//
//   - entries of the second level that are not places (市辖区, 县,
//     省直辖县级行政区划, 自治区直辖县级行政区划) are kept, flagged virtual, and
//     skipped on every path: what lies below them hangs from the province;
//   - cities without counties: the source repeats the city on the third level.
//     The repetition is dropped where it has the code of the city (441900), kept
//     and flagged virtual where it has its own (620201); the townships hang from
//     the city;
//   - development zones (fifth digit 7, such as 130171) have statistical codes
//     that GB/T 2260 does not know: flagged virtual, but townships hang from them.
package divisions
