import type { Word } from '../words/en'

const group = (word: Word, all: string) => ({ word, emoji: all.split(' ') })

export const emojiGroups = [
  group(
    'emojiFaces',
    '😀 😃 😄 😁 😆 😅 😂 🤣 🙂 😉 😊 😇 🥰 😍 🤩 😘 😋 😜 🤪 🤗 🤭 🤔 🤨 😐 😶 😏 😒 🙄 😬 😌 😔 😴 😷 🤒 🥵 🥶 🤯 🥳 😎 🤓 😕 🙁 😮 😳 🥺 😢 😭 😱 😞 😤 😡 🤬',
  ),
  group('emojiHands', '👍 👎 👌 ✌️ 🤞 🤟 🤙 👋 ✋ 👏 🙌 🤝 🙏 💪 👉 👈 👆 👇 ☝️ ✍️ 🤷 🤦 🙋 🙆 🙅 💁'),
  group(
    'emojiHearts',
    '❤️ 🧡 💛 💚 💙 💜 🖤 🤍 💔 💯 ✨ ⭐ 🔥 🎉 🎊 ✅ ❌ ❗ ❓ ⚠️ ♻️ 🆗 🆘 ➕ ➖ ☀️ 🌧️ ❄️ 🌈 ⚡',
  ),
  group(
    'emojiThings',
    '🎁 🎂 🍰 ☕ 🍕 🍎 🌹 💐 🐶 🐱 🏠 🚗 🚚 ✈️ 📦 🛒 💳 💰 🧾 📄 📎 📷 📱 💻 ⌚ ⏰ 📅 📍 📞 ✉️ 🔑 🔧 💡 👕 👟 👜',
  ),
]
