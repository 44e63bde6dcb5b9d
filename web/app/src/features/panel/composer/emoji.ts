const words = (line: string) => line.split(' ')

/** A working set: what people really send to customers, one glyph in every common font. */
export const categories = [
  {
    key: 'faces',
    emoji: words(
      '🙂 😊 😀 😃 😄 😁 😅 😂 🤣 😉 😍 🥰 😘 😋 😜 🤗 🤔 🤨 😐 🙄 😏 😌 😴 😎 🤓 🥳 😕 😟 🙁 😮 😲 😳 🥺 😢 😭 😱 😤 😡 🤯 🤒 🤕 🤢 🥶 🥵 🤐 🤫 🫡 🫶',
    ),
  },
  {
    key: 'hands',
    emoji: words('👍 👎 👌 🤝 🙏 👏 🙌 👋 ✌️ 🤞 💪 👉 👈 👆 👇 ✋ 🤙 ✍️ 🫰 🤷 🤦 💁 🙋 👀'),
  },
  {
    key: 'hearts',
    emoji: words('❤️ 🧡 💛 💚 💙 💜 🖤 🤍 💔 💕 💖 💯 ✨ ⭐ 🌟 🔥 🎉 🎊 🎁 🎂 🏆 🥇 🎈 💐'),
  },
  {
    key: 'things',
    emoji: words(
      '📦 🚚 🛵 🏠 🏢 🏬 📍 🗺️ ☎️ 📞 📱 💻 🖥️ 🖨️ 📷 🎥 💳 💰 🧾 🏷️ 🛒 🛍️ 🔑 🔒 🔧 🔨 ⚙️ 💡 🔋 🔌 📎 📌 📄 📑 📊 📈 📅 ⏰ ⌛ ✉️ 📧 📝 ✏️ 🔍 🎧 🎵 🧩 🪪',
    ),
  },
  {
    key: 'food',
    emoji: words(
      '☕ 🍵 🥤 🍷 🍺 🥂 🍰 🧁 🍩 🍪 🍫 🍬 🍞 🥐 🥖 🥨 🧀 🥚 🍳 🥞 🍔 🍟 🍕 🌭 🥪 🥗 🍝 🍣 🍎 🍌 🍓 🍋',
    ),
  },
  {
    key: 'nature',
    emoji: words(
      '☀️ ⛅ 🌧️ ⛈️ ❄️ 🌈 🌙 🌍 🌱 🌳 🌸 🌹 🌻 🍀 🍂 🐶 🐱 🐭 🐰 🦊 🐻 🐼 🐸 🐵 🦁 🐔 🐧 🐦 🐝 🦋 🐢 🐟',
    ),
  },
  {
    key: 'travel',
    emoji: words('🚗 🚕 🚌 🚆 🚇 ✈️ 🚀 🚢 🚲 🛴 🏍️ 🚦 ⛽ 🧳 🏖️ 🏝️ 🏔️ 🏕️ 🏨 🏥 🏦 🏫 ⛪ 🎡'),
  },
  {
    key: 'signs',
    emoji: words(
      '✅ ❌ ❗ ❓ ⚠️ 🚫 ⛔ ♻️ ➕ ➖ ➡️ ⬅️ ⬆️ ⬇️ 🔄 🔔 🔕 🆗 🆕 🆓 ℹ️ 🔴 🟡 🟢 🔵 ⚪ ⚫ 🕐 🔝 🔜 💬 🗨️',
    ),
  },
]

const kept = 16

/** recentAfter puts the chosen one in front of those used lately. */
export function recentAfter(recent: readonly string[], chosen: string): string[] {
  return [chosen, ...recent.filter((one) => one !== chosen)].slice(0, kept)
}
