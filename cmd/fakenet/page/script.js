// Times in the reader's own zone.
for (const time of document.querySelectorAll('time')) {
  const at = new Date(time.dateTime)
  time.textContent = 'long' in time.dataset ? at.toLocaleString() : at.toLocaleTimeString()
}

document.getElementById('clear').addEventListener('click', async () => {
  await fetch('/api/smtp/letters', { method: 'DELETE' })
  location.href = '/smtp'
})

document.getElementById('knobs').addEventListener('submit', async (event) => {
  event.preventDefault()
  const form = event.target
  const answer = await fetch('/api/smtp/knobs', {
    method: 'PUT',
    body: JSON.stringify({
      delay_ms: Number(form.delay_ms.value),
      refuse_code: Number(form.refuse_code.value),
      refuse_at: form.refuse_at.value,
      times: Number(form.times.value),
      hang_after_data: form.hang_after_data.checked,
    }),
  })
  document.getElementById('said').textContent = answer.ok ? 'Set.' : (await answer.json()).problem
})

// A new letter reloads the page, unless somebody is busy with the form.
setInterval(async () => {
  const { items } = await (await fetch('/api/smtp/letters')).json()
  const newest = items.length > 0 ? items[0].id : ''
  if (newest !== document.body.dataset.newest && !document.querySelector('details[open] form')) location.reload()
}, 2000)
