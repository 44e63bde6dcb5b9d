import { Button, FileButton } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ok, upload } from '@/lib/api/client'
import type { PaperImage } from '@/lib/api/types'
import { paperImagesQuery } from '@/lib/data/paperImages'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { useConfirm } from '@/ui/Confirm'
import { ErrorState } from '@/ui/ErrorState'
import { FormSkeleton } from '@/ui/Skeletons'
import { toastGood } from '@/ui/toast'
import { Failed } from '../Failed'
import { useSending } from '../useSending'
import classes from './PaperImages.module.css'

type Kind = PaperImage['kind']

const kinds: Kind[] = ['stamp', 'signature']

/** PaperImages are the pictures that a seller's invoices to come bear. */
export function PaperImages() {
  const { t } = useTranslation('company')
  const { company } = useSession()
  const { data, error, refetch } = useQuery(paperImagesQuery(company.id))
  return (
    <Card title={t('company:images.title')} text={t('company:images.help')}>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <div className={classes.pair}>
          {kinds.map((kind) => (
            <Picture
              key={kind}
              kind={kind}
              image={data.items.find((image) => image.kind === kind)}
            />
          ))}
        </div>
      ) : (
        <FormSkeleton fields={1} />
      )}
    </Card>
  )
}

/** Picture shows one of the two, or the place where it will be. */
function Picture({ kind, image }: { kind: Kind; image: PaperImage | undefined }) {
  const { t } = useTranslation('company')
  const { company } = useSession()
  const client = useQueryClient()
  const confirm = useConfirm()
  const sending = useSending((field, code) => (field === 'file' ? t(wrong(code)) : undefined))
  const url = `/api/v1/companies/${company.id}/paper-images`
  const again = () => client.invalidateQueries({ queryKey: paperImagesQuery(company.id).queryKey })

  const put = async (file: File | null) => {
    if (!file) return
    const done = await sending.run(() =>
      upload<PaperImage>(`${url}/${kind}`, file, () => undefined),
    )
    if (!done) return
    toastGood(t('company:images.saved'))
    await again()
  }
  const remove = async (id: string) => {
    const sure = await confirm({
      title: t(`company:images.${kind}.remove`),
      text: t('company:images.kept'),
      action: t('company:images.remove'),
      danger: true,
    })
    if (!sure) return
    const done = await sending.run(() =>
      ok(
        api.DELETE('/api/v1/companies/{company}/paper-images/{image}', {
          params: { path: { company: company.id, image: id } },
        }),
      ),
    )
    if (done) await again()
  }
  return (
    <section className={classes.one} aria-label={t(`company:images.${kind}.name`)}>
      <h3 className={classes.name}>{t(`company:images.${kind}.name`)}</h3>
      <div className={classes.frame}>
        {image ? (
          <img
            className={classes.picture}
            src={`${url}/${image.id}`}
            width={image.width}
            height={image.height}
            alt={t(`company:images.${kind}.name`)}
          />
        ) : (
          <span className={classes.none}>{t('company:images.none')}</span>
        )}
      </div>
      <div className={classes.actions}>
        <FileButton accept="image/png,image/jpeg" onChange={(file) => void put(file)}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              size="xs"
              loading={sending.sending}
              leftSection={<IconUpload size={16} />}
            >
              {t(image ? 'company:images.replace' : 'company:images.upload')}
            </Button>
          )}
        </FileButton>
        {image && (
          <Button
            variant="subtle"
            color="red"
            size="xs"
            disabled={sending.sending}
            onClick={() => void remove(image.id)}
          >
            {t('company:images.remove')}
          </Button>
        )}
      </div>
      {sending.fields.file ? (
        <p className={classes.wrong} role="alert">
          {sending.fields.file}
        </p>
      ) : (
        <Failed error={sending.failed} />
      )}
    </section>
  )
}

/** wrong is what to say of a picture that was not taken. */
function wrong(code: string) {
  return code === 'out_of_range' ? 'company:images.tooManyPixels' : 'company:images.broken'
}
