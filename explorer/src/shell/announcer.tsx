import { useEffect, useState } from 'preact/hooks';

let tell: (text: string) => void = () => {};

/** Say something to a screen reader without moving the focus. */
export function say(text: string): void {
  tell(text);
}

export function Announcer() {
  const [said, setSaid] = useState('');
  useEffect(() => {
    tell = setSaid;
    return () => {
      tell = () => {};
    };
  }, []);
  return (
    <p class="sr" role="status" aria-live="polite" data-testid="said">
      {said}
    </p>
  );
}
