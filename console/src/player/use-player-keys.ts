import { useTranslation } from 'react-i18next';
import type { KeyBinding } from '../keyboard/key-binding.ts';
import { useKeyBindings } from '../keyboard/keyboard.tsx';
import type { Player } from './player.ts';
import { stepSeconds } from './transport.tsx';

const longStepSeconds = 30;
const shortStepSeconds = 1;

/** Everything about a player by keys, wherever the focus is that does not type. */
export function usePlayerKeys(player: Player | undefined, isStereo: boolean): void {
  const { t } = useTranslation('player');
  const sides = ['left', 'right', 'both'] as const;
  const bindings: readonly KeyBinding[] = [
    { keys: 'Space', label: t('keys.play'), run: () => player?.toggle() },
    ...steps('ArrowLeft', 'ArrowRight', stepSeconds),
    ...steps('Shift+ArrowLeft', 'Shift+ArrowRight', longStepSeconds),
    ...steps(',', '.', shortStepSeconds),
    { keys: '[', label: t('keys.slower'), run: () => player?.changeRate(-1) },
    { keys: ']', label: t('keys.faster'), run: () => player?.changeRate(1) },
    { keys: 's', label: t('silence.skip'), run: () => player?.toggleSilence() },
    { keys: 'm', label: t('mute'), run: () => player?.toggleMuted() },
    ...(isStereo
      ? sides.map((side, index) => ({
          keys: String(index + 1),
          label: t(`keys.${side}`),
          run: () => player?.setSide(side),
        }))
      : []),
    { keys: 'a', label: t('loop.from'), run: () => player?.setLoop('a') },
    { keys: 'b', label: t('loop.to'), run: () => player?.setLoop('b') },
    { keys: 'l', label: t('loop.clear'), run: () => player?.clearLoop() },
  ];
  useKeyBindings(t('title'), player ? bindings : []);

  function steps(back: string, on: string, count: number): KeyBinding[] {
    return [
      { keys: back, label: t('back', { count }), run: () => player?.seekBy(-count) },
      { keys: on, label: t('on', { count }), run: () => player?.seekBy(count) },
    ];
  }
}
