const letters: Record<string, string> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ё: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'h',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'sch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
}

/** resultCode makes a lasting code out of a label, "Вопрос решён" → "vopros_reshen", and keeps it apart from the taken ones. */
export function resultCode(label: string, taken: Set<string>): string {
  const base =
    [...label.toLowerCase()]
      .map((letter) => letters[letter] ?? letter)
      .join('')
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 32) || 'result'
  let code = base
  for (let next = 2; taken.has(code); next++) code = `${base}_${next}`
  taken.add(code)
  return code
}
