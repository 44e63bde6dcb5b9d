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
          <InformationReminder />
        </ConsentReminder>
      }
    />
  )
}
