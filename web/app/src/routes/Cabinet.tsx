import { InformationReminder } from '@/features/account/information/InformationReminder'
import { Frame } from '@/features/frame/Frame'

/** Cabinet puts what a company is reminded of into the frame around its pages. */
export function Cabinet() {
  return <Frame above={<InformationReminder />} />
}
