// Times in the reader's own zone and language.
for (const time of document.querySelectorAll('time')) {
  const at = new Date(time.dateTime)
  const language = document.documentElement.lang
  time.textContent = 'long' in time.dataset ? at.toLocaleString(language) : at.toLocaleTimeString(language)
}

const { items, done } = document.body.dataset

document.getElementById('clear').addEventListener('click', async () => {
  await fetch(items, { method: 'DELETE' })
  location.href = location.pathname.split('/').slice(0, 2).join('/')
})

document.getElementById('drop')?.addEventListener('click', () => fetch('/api/sms/drop', { method: 'POST' }))

function value(input) {
  if (input.type === 'checkbox') return input.checked
  return input.type === 'number' ? Number(input.value) : input.value
}

document.getElementById('knobs').addEventListener('submit', async (event) => {
  event.preventDefault()
  const form = event.target
  const knobs = Object.fromEntries([...form.elements].filter((e) => e.name).map((e) => [e.name, value(e)]))
  const answer = await fetch(form.getAttribute('action'), { method: 'PUT', body: JSON.stringify(knobs) })
  document.getElementById('said').textContent = answer.ok ? done : (await answer.json()).problem
})

// What is new reloads the page, unless somebody is busy with the form.
setInterval(async () => {
  const { newest } = await (await fetch(`${items}/newest`)).json()
  if (newest !== document.body.dataset.newest && !document.querySelector('details[open] form')) location.reload()
}, 1000)
