package text

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Form counts the ways in which texts were folded and split into words. Count it up when you change Fold, Words or Indexed: what
// is stored of guides and leads is then written anew.
const Form = 2

// Fold returns the form in which texts are searched: normalised, in lower case, without accents and apostrophes and with ASCII
// digits, so that "Straße" is "strasse", "Παπαδάκη" is "παπαδακη" and "O’Brien" is "obrien".
func Fold(s string) string {
	joined := without(isJoiner, s)
	if isPlain(joined) {
		return strings.ToLower(joined)
	}
	bare := without(func(r rune) bool { return isAccent(r) || isJoiner(r) }, norm.NFKD.String(Normalize(joined)))
	return norm.NFC.String(ASCIIDigits(variants.Replace(cases.Fold().String(bare))))
}

func without(left func(rune) bool, s string) string {
	return strings.Map(func(r rune) rune {
		if left(r) {
			return -1
		}
		return r
	}, s)
}

// isJoiner reports whether the character stands within a word and is often left out or written in another way: apostrophes of
// all kinds, the letters that look like one (U+02B9 to U+02C1), and the dot of the Catalan l·l.
func isJoiner(r rune) bool {
	return 'ʹ' <= r && r <= 'ˁ' || strings.ContainsRune("'`´‘’‛′·՚׳ꞌꞋ＇｀", r)
}

// isAccent reports whether the character is an accent on the letter before it. Unicode tells accents from vowel signs and
// tone marks, which make another word, by the combining class: 1 are overlays, 7 nuktas, 10 to 36 the points of Hebrew, Arabic
// and Syriac, and from 200 on the accents of all scripts.
func isAccent(r rune) bool {
	class := norm.NFKD.PropertiesString(string(r)).CCC()
	return class == 1 || class == 7 || class >= 10 && class <= 36 || class >= 200
}

// variants replaces letters that are written in several ways and that Unicode does not decompose.
var variants = strings.NewReplacer(
	"ł", "l", "ø", "o", "đ", "d", "ð", "d", "ħ", "h", "ŧ", "t", "ı", "i", "æ", "ae", "œ", "oe", "þ", "th",
	// Arabic, Persian and Urdu forms, and the stretching line.
	"ى", "ي", "ی", "ي", "ے", "ي", "ک", "ك", "ة", "ه", "ہ", "ه", "ھ", "ه", "ە", "ه", "ۃ", "ه", "ٱ", "ا", "ـ", "",
	// Older forms of signs in Japanese names.
	"髙", "高", "﨑", "崎", "嵜", "崎", "𠮷", "吉", "邊", "辺", "邉", "辺", "濱", "浜", "濵", "浜", "澤", "沢", "齋", "斎", "齊", "斉",
	"嶋", "島", "冨", "富", "栁", "柳", "桒", "桑", "德", "徳", "國", "国", "廣", "広",
)
