import { EmailReminder } from '@/features/account/email/EmailReminder'
import { InformationReminder } from '@/features/account/information/InformationReminder'
import { ConsentReminder } from '@/features/account/legal/ConsentReminder'
import { NoSMSBanner } from '@/features/backoffice/NoSMSBanner'
import { Frame } from '@/features/frame/Frame'
import { Bell } from '@/features/notice/Bell'
import { PinnedStrip } from '@/features/notice/PinnedStrip'

/** Cabinet puts what people are reminded of into the frame around a company's pages. */
export function Cabinet() {
  return (
    <Frame
      bell={<Bell />}
      above={
        <ConsentReminder>
          <PinnedStrip />
          <NoSMSBanner />
          <EmailReminder />
          <InformationReminder />
        </ConsentReminder>
      }
    />
  )
}
