import { audioContainers, unrecognised } from '../audio/audio-description.js';
import { toAssetFileName, type AssetNaming } from '../domain/asset-file-name.js';

/**
 * Every name that the audio of a recording may lie under although nothing tells of it. A crash between the commit and
 * its note leaves it there; the next attempt replaces it, but where none is made it would stay for ever.
 */
export function possibleFileNames(naming: Omit<AssetNaming, 'container'>): string[] {
  const { callStartAt: _unknownThen, ...early } = naming;
  return [...audioContainers, unrecognised].flatMap((container) => [
    toAssetFileName({ ...naming, container }),
    toAssetFileName({ ...early, container }),
  ]);
}
