import { EmailReminder } from '@/features/account/email/EmailReminder'
import { InformationReminder } from '@/features/account/information/InformationReminder'
import { ConsentReminder } from '@/features/account/legal/ConsentReminder'
import { NoSMSBanner } from '@/features/backoffice/NoSMSBanner'
import { Frame } from '@/features/frame/Frame'

/** Cabinet puts what people are reminded of into the frame around a company's pages. */
export function Cabinet() {
  return (
    <Frame
      above={
        <ConsentReminder>
          <NoSMSBanner />
          <EmailReminder />
          <InformationReminder />
        </ConsentReminder>
      }
    />
  )
}
