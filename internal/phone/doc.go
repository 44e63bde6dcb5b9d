// Package phone reads telephone numbers as people write them and keeps them
// in one form: E.164 (ITU-T), a plus and at most 15 digits, such as
// "+79123456789".
package phone
