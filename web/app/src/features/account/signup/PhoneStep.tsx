import { Loader } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useTranslation } from '@/lib/i18n/i18n'
import { TextLink } from '@/ui/links'
import { Note } from '@/ui/Note'
import { CodeField } from '../CodeField'
import { Failed } from '../Failed'
import classes from '../PublicPage.module.css'
import { ResendButton } from '../ResendButton'
import type { PhoneCode } from './usePhoneCode'

/** PhoneStep opens below the telephone once a code is on its way, and stays until it is right. */
export function PhoneStep({ step }: { step: PhoneCode }) {
  const { t } = useTranslation('signup')
  const { sent, proof, checking, code } = step
  if (!sent) return null
  if (proof?.exists)
    return (
      <Note
        action={
          <span className={classes.row}>
            <TextLink to="/sign-in">{t('ui:signIn.submit')}</TextLink>
            <TextLink to="/recover">{t('signup:recover')}</TextLink>
          </span>
        }
      >
        {t('signup:exists')}
      </Note>
    )
  if (proof)
    return (
      <p className={classes.good} role="status">
        <IconCheck size={18} aria-hidden /> {t('signup:confirmed')}
      </p>
    )
  return (
    <div className={classes.step}>
      <CodeField
        label={t(`signup:code.${sent.by}`)}
        description={t(`signup:code.to.${sent.by}`, { phone: sent.phone, email: sent.email })}
        value={code}
        onChange={(digits) => void step.type(digits)}
        error={checking.fields.code}
        rightSection={checking.sending ? <Loader size={16} /> : undefined}
        autoFocus
      />
      {!checking.fields.code && <Failed error={checking.failed} />}
      <ResendButton
        until={sent.again}
        loading={step.asking.sending}
        onClick={() => void step.send()}
      />
      <Failed error={step.asking.failed} />
    </div>
  )
}
