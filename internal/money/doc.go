// Package money holds exact amounts.
//
// An [Amount] is a whole number of millionths of a currency unit, so sums are
// integer sums and nothing is ever a float. The largest amount is about
// 9.2 billion units; Parse refuses more than [Max], which leaves room for a
// million of them to be added before an int64 overflows. Division happens in one place, [Amount.MulDiv],
// which rounds half to even.
package money
