import { Type, type Static } from 'typebox';

/** As apps show them, or a recovery code as it was shown; blanks and hyphens do not count. */
export const SecondFactorCode = Type.String({
  minLength: 1,
  maxLength: 50,
  description: 'Six digits of the authenticator app, or a recovery code.',
});

export const SecondFactorState = Type.Object(
  {
    isOn: Type.Boolean(),
    recoveryCodesLeft: Type.Integer({ description: 'Each works once.' }),
  },
  { title: 'SecondFactorState', description: 'Whether signing in asks for a code, too.' },
);
export type SecondFactorState = Static<typeof SecondFactorState>;

export const NewSecondFactor = Type.Object(
  {
    secret: Type.String({ description: 'Base32, for an authenticator app: SHA-1, six digits, 30 seconds.' }),
  },
  { title: 'NewSecondFactor' },
);
export type NewSecondFactor = Static<typeof NewSecondFactor>;

export const SecondFactorChoice = Type.Object(
  {
    secret: Type.String({
      pattern: '^[A-Z2-7]{32}$',
      description: 'Of `POST /api/v1/session/second-factor`.',
    }),
    code: Type.String({ maxLength: 50, description: 'That the app shows for it now.' }),
  },
  { title: 'SecondFactorChoice', additionalProperties: false },
);
export type SecondFactorChoice = Static<typeof SecondFactorChoice>;

export const RecoveryCodes = Type.Object(
  {
    recoveryCodes: Type.Array(Type.String(), {
      description: 'Ten; they are shown in this answer and never again.',
    }),
  },
  { title: 'RecoveryCodes' },
);
export type RecoveryCodes = Static<typeof RecoveryCodes>;
