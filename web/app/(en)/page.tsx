import { languages } from '../../lib/words';
import { metadataFor } from '../../screens/document';
import { StartScreen } from '../../screens/start';

const Page = () => <StartScreen language="en" />;

export const metadata = metadataFor(languages.en.words.start.title, 'en');
export default Page;
