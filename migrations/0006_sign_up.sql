-- +goose Up

-- language is that of the company's papers and of its pages for strangers;
-- referred_by is whose link the company came by.
ALTER TABLE company
    ADD COLUMN language    text NOT NULL DEFAULT 'ru' CHECK (language IN ('ru', 'en')),
    ADD COLUMN referred_by bigint REFERENCES users;

-- What a company says of itself for its papers. The details are read, frozen
-- into invoices and written as one value, so they are one value here.
CREATE TABLE company_details (
    company_id bigint NOT NULL REFERENCES company PRIMARY KEY,
    email      text   NOT NULL,
    phone      text   NOT NULL,
    requisites jsonb  NOT NULL
);
CALL secure_tenant('company_details');

-- Addresses under which a company's own customers reach the installation: the
-- pages there bear its name, and who registers there becomes its dependent.
CREATE TABLE company_domain (
    company_id bigint NOT NULL REFERENCES company,
    host       text   NOT NULL CHECK (host = lower(host) AND host <> ''),
    PRIMARY KEY (company_id, host)
);
CREATE UNIQUE INDEX company_domain_host ON company_domain (host);
CALL secure_tenant('company_domain');

-- ref_token stands in the link by which a user brings others; 80 random bits.
-- phone_confirmed: a code that reached the telephone was typed.
ALTER TABLE users
    ADD COLUMN phone_confirmed boolean NOT NULL DEFAULT false,
    ADD COLUMN ref_token       text    NOT NULL DEFAULT left(md5(gen_random_uuid()::text || gen_random_uuid()::text), 20);
CREATE UNIQUE INDEX users_ref_token ON users (ref_token);

-- Texts that people agree to. A version is never changed; both languages of it
-- say the same.
CREATE TABLE legal_text (
    kind         text        NOT NULL CHECK (kind IN ('terms', 'privacy')),
    version      int         NOT NULL CHECK (version > 0),
    language     text        NOT NULL CHECK (language IN ('ru', 'en')),
    title        text        NOT NULL CHECK (title <> ''),
    body         text        NOT NULL CHECK (body <> ''), -- paragraphs, an empty line between them
    published_at timestamptz NOT NULL,
    published_by bigint      REFERENCES users, -- null: came with the program
    PRIMARY KEY (kind, version, language)
);
GRANT SELECT, INSERT ON legal_text TO parley_worker;

-- Placeholders until the operator of the installation publishes texts of its
-- own: short, and honest about what they are.
INSERT INTO legal_text (kind, version, language, title, body, published_at) VALUES
('terms', 1, 'ru', 'Условия использования',
'Это условия, с которыми установка поставляется. Тот, кто её содержит, заменяет их своими.

Сервис передаёт сообщения между вашей компанией и её клиентами и хранит их, пока вы это поручаете. Вы отвечаете за то, что пишете, и за то, что получатели согласились получать ваши сообщения.

Платные действия оплачиваются с баланса компании по опубликованным для неё ценам. При нулевом балансе платные действия приостанавливаются, а данные остаются.

Вы можете в любой момент прекратить пользоваться сервисом и выгрузить свои данные. Нарушение закона или рассылка без согласия получателей ведёт к блокировке.', '2026-11-21'),
('terms', 1, 'en', 'Terms and conditions',
'These are the terms that the installation came with. Whoever runs it replaces them by their own.

The service carries messages between your company and its customers and keeps them for as long as you ask it to. You answer for what you write, and for having the consent of those you write to.

What costs money is paid from the company''s balance at the prices published for it. At a balance of zero, paid actions are suspended; your data stays.

You may stop using the service and take your data with you at any time. Breaking the law, or sending to people who did not agree to it, leads to a block.', '2026-11-21'),
('privacy', 1, 'ru', 'Политика обработки персональных данных',
'Это политика, с которой установка поставляется. Тот, кто её содержит, заменяет её своей и называет себя как оператора данных.

При регистрации обрабатываются имя, адрес электронной почты, номер телефона, часовой пояс, адрес в сети и время согласия. Они нужны, чтобы создать доступ, подтвердить его, предупреждать о деньгах и безопасности и исполнять закон.

Данные третьим лицам не передаются, кроме тех, без кого сообщение не дойдёт: операторов связи и почтовых серверов.

Вы можете узнать, какие данные о вас хранятся, исправить их, выгрузить и потребовать удаления. После удаления остаются только записи о деньгах, которые обязан хранить закон.', '2026-11-21'),
('privacy', 1, 'en', 'Personal data policy',
'This is the policy that the installation came with. Whoever runs it replaces it by their own and names themselves as the controller.

At registration your name, email address, phone number, time zone, network address and the time of your consent are processed. They are needed to give you access, to confirm it, to warn you about money and security, and to obey the law.

Nothing is handed to third parties but those without whom a message does not arrive: telephone networks and mail servers.

You may learn what is stored about you, correct it, take it with you and have it erased. After that only records of money stay that the law wants to be kept.', '2026-11-21');

-- Who agreed to what, when and from where.
CREATE TABLE consent (
    user_id  bigint      NOT NULL REFERENCES users,
    kind     text        NOT NULL,
    version  int         NOT NULL,
    given_at timestamptz NOT NULL,
    ip       text        NOT NULL,
    PRIMARY KEY (user_id, kind, version)
);
GRANT SELECT, INSERT, DELETE ON consent TO parley_worker;

-- A code of six digits on its way to a telephone, or to an address while there
-- is no route for SMS. Tries are counted under the row's lock before the code
-- is looked at.
CREATE TABLE confirmation (
    id           uuid        NOT NULL PRIMARY KEY,
    purpose      text        NOT NULL CHECK (purpose IN ('sign_up', 'recovery')),
    phone        text        NOT NULL,
    email        text        NOT NULL DEFAULT '', -- where it went instead; '': to the telephone
    user_id      bigint      REFERENCES users,    -- whose recovery it is; null: nobody's
    language     text        NOT NULL,
    ip           text        NOT NULL,
    code_hash    bytea,                           -- keyed; null: none was made, none is right
    tries        int         NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    confirmed_at timestamptz, -- the right code came
    used_at      timestamptz, -- what it was for is done
    used_for     bytea        -- hash of what that was
);
CREATE INDEX confirmation_age ON confirmation (created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON confirmation TO parley_worker;

-- A link that works once. The letter holds the token, this row its hash.
CREATE TABLE link (
    token_hash bytea       NOT NULL PRIMARY KEY,
    purpose    text        NOT NULL CHECK (purpose IN ('email', 'recovery', 'setup')),
    user_id    bigint      REFERENCES users, -- null: of the installation
    email      text        NOT NULL DEFAULT '', -- the address it went to
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX link_user ON link (user_id, purpose);
CREATE INDEX link_expiry ON link (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON link TO parley_worker;

-- Browsers that a user has signed in with: kind of browser and system, without
-- their versions. Another one is told to the user by letter.
CREATE TABLE device (
    user_id     bigint      NOT NULL REFERENCES users,
    fingerprint bytea       NOT NULL,
    seen_at     timestamptz NOT NULL,
    PRIMARY KEY (user_id, fingerprint)
);
CREATE INDEX device_age ON device (seen_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON device TO parley_worker;

-- When codes and letters were asked for, per subject: a number, an address of
-- origin, an email. Counted under the row's lock.
CREATE TABLE sending (
    subject   text          NOT NULL PRIMARY KEY,
    asked_at  timestamptz[] NOT NULL, -- within the longest span of the subject
    forget_at timestamptz   NOT NULL
);
CREATE INDEX sending_age ON sending (forget_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON sending TO parley_worker;

-- +goose Down
SELECT 1;
