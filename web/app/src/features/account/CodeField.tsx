import { TextInput, type TextInputProps } from '@mantine/core'

interface Props extends Omit<TextInputProps, 'onChange' | 'value'> {
  value: string
  onChange: (digits: string) => void
}

/** CodeField takes six digits, typed, pasted with blanks, or filled in by the telephone. */
export function CodeField({ value, onChange, ...props }: Props) {
  return (
    <TextInput
      name="one-time-code"
      autoComplete="one-time-code"
      inputMode="numeric"
      size="md"
      styles={{ input: { fontVariantNumeric: 'tabular-nums', letterSpacing: '0.2em' } }}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value.replace(/\D/g, '').slice(0, 6))}
      {...props}
    />
  )
}
